/// A space searched with its own items: one search of all with all gives the lists of every item,
/// in half the time of asking for them block by block.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "cli/job.hpp"
#include "cli/list_search.hpp"
#include "core/live_index.hpp"

namespace pmatch::cli {

class SelfLists {
public:
    SelfLists(const LiveIndex& index, std::string name, const Console& console)
        : index_(index), name_(std::move(name)), console_(console) {}

    /// Whether they can be had `depth` deep. The first call decides the depth and searches.
    bool has(int depth);
    /// After has(): the item's list, that of all its vectors; nullptr where it has none.
    const std::vector<Neighbour>* of(std::int64_t row) const;

private:
    void search(int depth);

    const LiveIndex& index_;
    std::string name_;
    const Console& console_;
    int depth_ = 0;  ///< 0 = not searched yet, -1 = cannot be
    std::unordered_map<std::int64_t, std::vector<Neighbour>> lists_;  ///< by row
};

/// `rows` are the queries. Where the lists cannot be had, what `one_by_one` makes is asked instead.
std::unique_ptr<AskedQueries> queries_of_items(
    SelfLists& lists, std::vector<std::int64_t> rows,
    std::function<std::unique_ptr<AskedQueries>()> one_by_one);

}  // namespace pmatch::cli
