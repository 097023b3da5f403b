/// Groups of items that are connected by pairs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/matching/pairing.hpp"

namespace pmatch {

struct GroupOptions {
    std::size_t largest = 0;  ///< maximum number of members; 0 = no limit
};

struct Group {
    std::vector<std::uint32_t> members;  ///< two or more, ascending
    /// The member with the largest sum of pair scores inside the group, ties by the smallest
    /// number. Members without a common pair add 0.
    std::uint32_t medoid = 0;
};

/// Both sides of a pair are items of one catalog; pairs of an item with itself are ignored. Without
/// a limit groups are the connected components. With one, pairs are processed best first (see
/// pairing.hpp), and a pair that would make a group too large is skipped. Groups are ordered by
/// their first members.
std::vector<Group> group_items(std::span<const ScoredPair> pairs, const GroupOptions& options = {});

}  // namespace pmatch
