/// From a space's live vectors to a published index.
#pragma once

#include <string>

#include "core/common/observer.hpp"
#include "core/index/index_sidecar.hpp"
#include "data/collection/collection.hpp"

namespace pmatch {

/// Builds, extends or leaves alone the index of a space and says what was done and why.
/// Throws Error, with the command that helps, when the space has no vector.
void build_index(Collection& collection, const std::string& space, const IndexOptions& options,
                 const Observer& observer);

/// What to do about a space without a vector: the command that embeds what it lacks, or where it
/// says why nothing could be used.
Remedy remedy_of_empty_space(const Collection& collection, const std::string& space);

}  // namespace pmatch
