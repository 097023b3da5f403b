/// From a space's live vectors to a published index.
#pragma once

#include <cstdint>
#include <string>

#include "cli/console.hpp"
#include "core/index_sidecar.hpp"
#include "data/collection.hpp"

namespace pmatch::cli {

struct BuiltIndex {
    bool fresh = false;  ///< false: the index was up to date
    std::int64_t count = 0;
    std::string layout;
    std::string recall;  ///< "exact", or the measured recall as a phrase
    double seconds = 0;
};

/// Does nothing when the index is up to date and has the layout that is asked for.
BuiltIndex build_index(Collection& collection, const std::string& space,
                       const IndexOptions& options, const Console& console);

}  // namespace pmatch::cli
