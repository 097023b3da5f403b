/// Builds and publishes the index of a space.
#pragma once

#include <string>

#include "core/common/observer.hpp"
#include "core/index/index_sidecar.hpp"
#include "data/collection/collection.hpp"

namespace pmatch {

/// Builds, extends or keeps the index of a space, and reports what was done and why. Throws Error
/// with a remedy if the space has no vectors.
void build_index(Collection& collection, const std::string& space, const IndexOptions& options,
                 const Observer& observer);

/// The remedy for a space without vectors: the command that embeds its inputs, or that lists why
/// none could be used.
Remedy remedy_of_empty_space(const Collection& collection, const std::string& space);

}  // namespace pmatch
