/// Builds and publishes the index of a space from its live vectors; extends the former one if
/// possible.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "core/index/index_sidecar.hpp"
#include "data/collection/collection.hpp"

namespace pmatch {

struct UpdatedIndex {
    enum class How { kUpToDate, kExtended, kRebuilt };
    How how = How::kUpToDate;
    std::int64_t added = 0;  ///< kExtended: number of vectors added
    std::string reason;      ///< kRebuilt: why it was not extended; empty: there was none
    std::string layout;
    std::int64_t count = 0;  ///< live vectors
    IndexBuild build;        ///< unless kUpToDate
};

/// Called periodically with the number of vectors indexed so far.
using IndexProgress = std::function<void(std::int64_t)>;

/// Does nothing if the index is up to date and has the requested layout. Flat, HNSW and IVF indexes
/// are extended as long as few of their vectors are dead; "auto" keeps a layout that is still
/// suitable. Throws Error if the space has no vectors.
UpdatedIndex update_index(Collection& collection, const std::string& space,
                          const IndexOptions& options, const IndexProgress& progress = {});

}  // namespace pmatch
