/// From a space's live vectors to a published index: extended where that can be, else made anew.
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
    std::int64_t added = 0;  ///< kExtended: vectors that came to it
    std::string reason;      ///< kRebuilt: why the former index was not extended; empty: no former
    std::string layout;
    std::int64_t count = 0;  ///< live vectors
    IndexBuild build;        ///< unless kUpToDate
};

/// Called now and then with the number of vectors that were indexed.
using IndexProgress = std::function<void(std::int64_t)>;

/// Does nothing when the index is up to date and has the layout that is asked for. Flat, HNSW and
/// IVF indexes are extended while few of their vectors are dead; "auto" keeps to a layout that
/// still fits. Throws Error when the space has no vector.
UpdatedIndex update_index(Collection& collection, const std::string& space,
                          const IndexOptions& options, const IndexProgress& progress = {});

}  // namespace pmatch
