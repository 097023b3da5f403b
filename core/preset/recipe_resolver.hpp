/// Internal to core: finds a collection's spaces and lexical indexes for the lists of a recipe.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "core/preset/preset.hpp"

namespace pmatch {

/// A list that the recipe cannot do without.
struct MissingList {
    std::string what;  ///< "picture space", "lexical index of text", …
    Remedy remedy;     ///< "make one: `pmatch …`", for a collection that is not known here
};

std::variant<ResolvedRecipe, MissingList> resolve(const Recipe& recipe,
                                                  const std::vector<SpaceSummary>& lists);

/// The list that a space or lexical index stands for.
ListSpec list_spec_of(const SpaceSummary& list);

}  // namespace pmatch
