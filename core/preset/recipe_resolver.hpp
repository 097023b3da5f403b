/// Internal to core: maps the lists of a recipe to a collection's spaces and lexical indexes.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "core/preset/preset.hpp"

namespace pmatch {

/// A required list that the collection lacks.
struct MissingList {
    std::string what;  ///< "picture space", "lexical index of text", …
    Remedy remedy;     ///< "make one: `pmatch …`", without the collection's path
};

std::variant<ResolvedRecipe, MissingList> resolve(const Recipe& recipe,
                                                  const std::vector<SpaceSummary>& available);

/// Without the spaces of local features.
std::vector<SpaceSummary> lists_among(const std::vector<SpaceSummary>& available);

/// Scales the weights of lists that use the query's picture so that they sum to `image_weight`, and
/// of those that use its text so that they sum to the rest.
void weigh_parts(Recipe& recipe, double image_weight);

/// The list that uses a space or lexical index.
ListSpec list_spec_of(const SpaceSummary& list);

}  // namespace pmatch
