/// Groups of items by the pairs between them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "core/matching/pairing.hpp"

namespace pmatch {

/// What two groups must have in common to become one.
enum class Linkage {
    kComponents,  ///< one pair above the threshold (single linkage): connected components
    kComplete,    ///< every pair of their members is above it
    kAverage      ///< the mean over all pairs of their members is
};

struct GroupOptions {
    std::size_t largest = 0;  ///< maximum number of members; 0 = no limit
    Linkage linkage = Linkage::kComponents;
    /// Pairs with lower scores connect nothing; kAverage takes them into the means.
    float threshold = std::numeric_limits<float>::lowest();
    /// Pairs whose items never come into one group, whatever is between them. Scores are ignored.
    std::span<const ScoredPair> apart = {};
};

struct Group {
    std::vector<std::uint32_t> members;  ///< two or more, ascending
    /// The member with the largest sum of pair scores inside the group, ties by the smallest
    /// number. Members without a common pair add 0.
    std::uint32_t medoid = 0;
    /// How many pairs lie between the medoid and the member farthest from it. 1: the medoid has a
    /// pair with every other member; many: the group hangs together by a chain.
    std::size_t steps = 0;
    std::int64_t number = 0;  ///< name of the group in the output, from 1
};

/// Both sides of a pair are items of one catalog; pairs of an item with itself are ignored.
///
/// kComponents: pairs are processed best first (see pairing.hpp), and one that would make a group
/// too large or join items that are to stay apart is skipped; without limits these are the
/// connected components. The others are agglomerative clusterings of each component: the most
/// similar two groups are merged first, until no two reach the threshold. A pair that was not
/// compared is none for kComplete, and has the lowest of all scores for kAverage.
///
/// Groups are ordered by their first members, and numbered in this order.
std::vector<Group> group_items(std::span<const ScoredPair> pairs, const GroupOptions& options = {});

}  // namespace pmatch
