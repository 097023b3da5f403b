/// The start recipe of tuning, and the other lists of a collection.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/engine/collection_source.hpp"
#include "core/preset/preset.hpp"

namespace pmatch {

/// The recipe of `preset` that answers these queries, with lists named by space or analyser, so
/// that it does not depend on the preset. Throws UsageError if the preset uses several recipes for
/// these queries, none, or one that groups its answers.
ResolvedRecipe start_recipe(const std::string& preset, const CollectionSource& source,
                            const std::vector<Query>& queries);

/// The preset `matcher`, if it fits the collection.
std::optional<ResolvedRecipe> matcher_recipe(const CollectionSource& source);

/// A list for each space and lexical index, and each part of a query it supports.
ResolvedRecipe every_list(const CollectionSource& source);

}  // namespace pmatch
