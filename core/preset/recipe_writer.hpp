/// Preset files from recipes: what recipe_json.hpp reads.
#pragma once

#include <string>

#include "core/ranking/recipe.hpp"

namespace pmatch {

/// parse_recipe() of it gives an equal recipe. Ends with a line break; comments may be put before.
std::string recipe_json(const Recipe& recipe);

/// What the recipe does, in a line: "wsum minmax: text 1, bm25 2".
std::string recipe_line(const Recipe& recipe);

}  // namespace pmatch
