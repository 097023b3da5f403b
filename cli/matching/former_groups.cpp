#include "cli/matching/former_groups.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/text/number_text.hpp"
#include "data/formats/group_file.hpp"

namespace pmatch {

FormerNumbers read_former_groups(std::span<const std::string> files, const ItemNumbering& items) {
    FormerNumbers former;
    for (const auto& file : files) {
        former.groups.clear();
        for (const auto& [number, ids] : read_groups(file)) {
            auto& members = former.groups[number];
            for (const auto& id : ids) {
                if (const auto item = items.find(id)) members.push_back(*item);
            }
            std::sort(members.begin(), members.end());
            former.next = std::max(former.next, number + 1);
        }
    }
    return former;
}

void carry_numbers(std::vector<Group>& groups, const FormerNumbers& former,
                   const Observer& observer) {
    const auto changes = keep_numbers(groups, former.groups, former.next);
    const auto count = [](std::size_t n) { return grouped(static_cast<std::int64_t>(n)); };
    observer.note(fmt::format(
        "match: of {} former groups {} kept their number, {} went into others, {} are gone, {} "
        "were split; {} groups are new",
        count(former.groups.size()), count(changes.kept), count(changes.merged),
        count(changes.gone), count(changes.split), count(changes.fresh)));
}

}  // namespace pmatch
