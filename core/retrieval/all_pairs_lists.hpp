/// Searches a space with its own items: one all-pairs search gives the lists of every item in half
/// the time of separate queries.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/common/observer.hpp"
#include "core/index/live_index.hpp"

namespace pmatch {

/// Lists of one depth by row, over all vectors of an item.
using ListsByRow = std::unordered_map<std::int64_t, std::vector<Neighbour>>;

/// Thread-safe.
class AllPairsLists {
public:
    AllPairsLists(const LiveIndex& index, std::string name)
        : index_(index), name_(std::move(name)) {}

    /// nullptr if unavailable. Caches the lists of the last depth.
    std::shared_ptr<const ListsByRow> at(int depth, const Observer& observer);

private:
    ListsByRow search(int depth, const Observer& observer) const;

    const LiveIndex& index_;
    std::string name_;
    std::mutex mutex_;
    int depth_ = 0;  ///< 0 = not searched yet
    std::shared_ptr<const ListsByRow> lists_;
};

}  // namespace pmatch
