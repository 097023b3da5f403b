/// Group numbers that live on from run to run (`--previous`).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cli/matching/item_numbers.hpp"
#include "core/common/observer.hpp"
#include "core/matching/group_numbers.hpp"

namespace pmatch {

struct FormerNumbers {
    FormerGroups groups;    ///< of the last file
    std::int64_t next = 1;  ///< above every number of all files
};

/// Files of earlier runs, the latest last. Items that no longer exist are left out. Throws Error
/// for a file that is none of groups.
FormerNumbers read_former_groups(std::span<const std::string> files, const ItemNumbering& items);

/// Renumbers the groups, see keep_numbers(), and says on the observer what became of the former.
void carry_numbers(std::vector<Group>& groups, const FormerNumbers& former,
                   const Observer& observer);

}  // namespace pmatch
