/// A space searched with its own items: one search of all with all gives the lists of every item,
/// in half the time of asking for them block by block.
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

/// The lists of one depth, by row: of all vectors of an item.
using ListsByRow = std::unordered_map<std::int64_t, std::vector<Neighbour>>;

/// Safe to use from many threads.
class AllPairsLists {
public:
    AllPairsLists(const LiveIndex& index, std::string name)
        : index_(index), name_(std::move(name)) {}

    /// nullptr where they cannot be had. Those of the depth asked for last are kept.
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
