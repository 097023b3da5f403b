/// Items that belong together: what is connected by pairs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/matching/pairing.hpp"

namespace pmatch {

struct GroupOptions {
    std::size_t largest = 0;  ///< members; 0 = no limit
};

struct Group {
    std::vector<std::uint32_t> members;  ///< two or more, ascending
    /// The member that is most like the others: the largest sum of its pairs' scores inside the
    /// group, the smallest of equal ones. Two members without a pair add nothing.
    std::uint32_t medoid = 0;
};

/// Both sides of a pair are items of one catalog; a pair of an item with itself says nothing.
/// Without a limit these are the connected components. With one, pairs are taken best first (as
/// in pairing.hpp) and one that would make a group too large is left out. Groups are in the
/// order of their first members.
std::vector<Group> group_items(std::span<const ScoredPair> pairs, const GroupOptions& options = {});

}  // namespace pmatch
