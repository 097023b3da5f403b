/// Writes recipes as preset files, which recipe_json.hpp reads.
#pragma once

#include <string>

#include "core/ranking/recipe.hpp"

namespace pmatch {

/// parse_recipe() of the result gives an equal recipe. Ends with a line break; comments may be
/// prepended.
std::string recipe_json(const Recipe& recipe);

/// One-line summary of the recipe: "wsum minmax: text 1, bm25 2".
std::string recipe_line(const Recipe& recipe);

}  // namespace pmatch
