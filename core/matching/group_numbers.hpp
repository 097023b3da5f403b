/// Lets groups keep their numbers from one run to the next.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "core/matching/grouping.hpp"

namespace pmatch {

/// Groups of an earlier run: number → members that still exist, ascending. A group without any
/// keeps its entry.
using FormerGroups = std::map<std::int64_t, std::vector<std::uint32_t>>;

struct GroupChanges {
    std::size_t kept = 0;    ///< groups with the number of a former one
    std::size_t fresh = 0;   ///< groups with a new number
    std::size_t merged = 0;  ///< former groups whose members went into groups of other numbers
    std::size_t split = 0;   ///< former groups with members in several groups
    std::size_t gone = 0;    ///< former groups of which no member is in a group
};

/// Numbers the groups anew and sorts them by number. A group takes the number of the former group
/// that it has most members of; where several want one number, or one may have several, the most
/// common members decide, then the smaller number, then the group with the smaller first member.
/// All others are numbered from `next` on, in the order of their first members.
GroupChanges keep_numbers(std::vector<Group>& groups, const FormerGroups& former,
                          std::int64_t next);

}  // namespace pmatch
