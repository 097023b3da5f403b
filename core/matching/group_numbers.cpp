#include "core/matching/group_numbers.hpp"

#include <algorithm>
#include <set>
#include <tuple>
#include <unordered_map>

namespace pmatch {
namespace {

struct Overlap {
    std::size_t members = 0;
    std::int64_t number = 0;  ///< of the former group
    std::size_t group = 0;
};

std::vector<Overlap> overlaps_of(const std::vector<Group>& groups, const FormerGroups& former) {
    std::unordered_map<std::uint32_t, std::size_t> group_of;
    for (std::size_t at = 0; at < groups.size(); ++at) {
        for (const auto member : groups[at].members)
            group_of.emplace(member, at);
    }
    std::vector<Overlap> overlaps;
    for (const auto& [number, members] : former) {
        std::map<std::size_t, std::size_t> shared;
        for (const auto member : members) {
            const auto found = group_of.find(member);
            if (found != group_of.end()) ++shared[found->second];
        }
        for (const auto& [group, count] : shared)
            overlaps.push_back({count, number, group});
    }
    std::sort(overlaps.begin(), overlaps.end(), [](const Overlap& a, const Overlap& b) {
        if (a.members != b.members) return a.members > b.members;
        return std::tie(a.number, a.group) < std::tie(b.number, b.group);
    });
    return overlaps;
}

}  // namespace

GroupChanges keep_numbers(std::vector<Group>& groups, const FormerGroups& former,
                          std::int64_t next) {
    const auto overlaps = overlaps_of(groups, former);
    for (auto& group : groups)
        group.number = 0;
    std::set<std::int64_t> taken;
    std::map<std::int64_t, std::size_t> pieces;  // number → groups with members of it
    for (const auto& overlap : overlaps) {
        ++pieces[overlap.number];
        auto& group = groups[overlap.group];
        if (group.number == 0 && taken.insert(overlap.number).second) group.number = overlap.number;
    }
    GroupChanges changes;
    for (auto& group : groups) {
        ++(group.number > 0 ? changes.kept : changes.fresh);
        if (group.number == 0) group.number = next++;
    }
    for (const auto& [number, count] : pieces) {
        changes.split += count > 1 ? 1 : 0;
        changes.merged += taken.contains(number) ? 0 : 1;
    }
    changes.gone = former.size() - pieces.size();
    std::sort(groups.begin(), groups.end(),
              [](const Group& a, const Group& b) { return a.number < b.number; });
    return changes;
}

}  // namespace pmatch
