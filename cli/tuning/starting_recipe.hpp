/// Which recipe tuning begins with, and what else a collection offers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/engine/collection_source.hpp"
#include "core/preset/preset.hpp"

namespace pmatch {

/// The recipe of `preset` that answers these queries, each list by the name of its space or the
/// analyser of its index, so that it stands alone. Throws UsageError when the preset takes several
/// recipes for these queries, none, or one that groups its answers.
ResolvedRecipe start_recipe(const std::string& preset, const CollectionSource& source,
                            const std::vector<Query>& queries);

/// The preset `matcher`, if it fits the collection.
std::optional<ResolvedRecipe> matcher_recipe(const CollectionSource& source);

/// A list for each space and lexical index, and each part of a query it can be compared with.
ResolvedRecipe every_list(const CollectionSource& source);

}  // namespace pmatch
