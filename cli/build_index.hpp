/// From a space's live vectors to a published index.
#pragma once

#include <string>

#include "cli/console.hpp"
#include "core/index_sidecar.hpp"
#include "data/collection.hpp"

namespace pmatch::cli {

/// Builds, extends or leaves alone the index of a space and says what was done and why.
/// Throws Error, with the command that helps, when the space has no vector.
void build_index(Collection& collection, const std::string& space, const IndexOptions& options,
                 const Console& console);

}  // namespace pmatch::cli
