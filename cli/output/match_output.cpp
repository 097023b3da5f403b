#include "cli/output/match_output.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iostream>

#include "cli/output/group_html.hpp"
#include "core/files/atomic_file.hpp"
#include "core/text/number_text.hpp"

namespace pmatch::cli {
namespace {

/// So many pairs between the medoid and a member make a group a chain. Within true groups two are
/// common, where an item has more duplicates than candidates.
constexpr std::size_t kChainSteps = 3;

const Group& largest_of(std::span<const Group> groups) {
    return *std::max_element(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
        return a.members.size() < b.members.size();
    });
}

void print(const MatchOptions& options, const Matched& matched, std::span<const ScoredPair> pairs,
           std::span<const Group> groups, const Items& items, const Write& write) {
    const bool json = options.format == "jsonl";
    if (options.mode != "groups") {
        (json ? print_pairs_jsonl : print_pairs_csv)(matched, pairs, write);
    } else if (options.format == "html") {
        print_contact_sheet(matched, groups, items, write);
    } else {
        (json ? print_groups_jsonl : print_groups_csv)(matched, groups, write);
    }
}

}  // namespace

std::string match_summary(const MatchOptions& options, const MatchCounts& counts,
                          std::span<const ScoredPair> pairs, std::span<const Group> groups) {
    std::string text = fmt::format("match: {} items", grouped(counts.asked));
    if (counts.nothing > 0)
        text += fmt::format(", {} with nothing to compare", grouped(counts.nothing));
    if (counts.failed > 0) text += fmt::format(", {} failed", grouped(counts.failed));
    if (!counts.presets.empty()) {
        text += fmt::format("; preset{} {}", counts.presets.size() > 1 ? "s" : "",
                            fmt::join(counts.presets, " and "));
    }
    text += fmt::format("; {} candidate pairs, ", grouped(counts.candidates));
    if (!options.groups()) return text + fmt::format("{} pairs", grouped(std::ssize(pairs)));
    std::int64_t members = 0;
    for (const auto& group : groups)
        members += std::ssize(group.members);
    text += fmt::format("{} groups of {} items", grouped(std::ssize(groups)), grouped(members));
    if (groups.empty()) return text;
    const auto& largest = largest_of(groups);
    return text + fmt::format(", the largest is group {} with {}", largest.number,
                              grouped(std::ssize(largest.members)));
}

std::optional<Notice> chain_warning(std::span<const Group> groups, const ItemNumbering& items) {
    const auto is_chain = [](const Group& group) { return group.steps >= kChainSteps; };
    const auto chains = std::count_if(groups.begin(), groups.end(), is_chain);
    if (chains == 0) return std::nullopt;
    const auto longest =
        std::max_element(groups.begin(), groups.end(),
                         [](const Group& a, const Group& b) { return a.steps < b.steps; });
    return Notice{fmt::format(
        "match: {} group{} by a chain of pairs: in group {} of {} items {} pairs lie between {}, "
        "its medoid, and the farthest member, so that the ends may be nothing alike; --linkage "
        "average or complete, a higher threshold or --largest parts them",
        grouped(chains), chains == 1 ? " hangs together" : "s hang together", longest->number,
        grouped(std::ssize(longest->members)), longest->steps, items.id_of(longest->medoid))};
}

void write_match(const MatchOptions& options, const Matched& matched,
                 std::span<const ScoredPair> pairs, std::span<const Group> groups,
                 const Items& items) {
    if (options.output.empty()) {
        print(options, matched, pairs, groups, items,
              [](std::string_view text) { std::cout << text; });
        return;
    }
    AtomicFile file(options.output);
    print(options, matched, pairs, groups, items, [&](std::string_view text) { file.write(text); });
    file.publish();
}

}  // namespace pmatch::cli
