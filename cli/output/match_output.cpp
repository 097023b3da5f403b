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
    if (options.mode != "groups") return text + fmt::format("{} pairs", grouped(std::ssize(pairs)));
    std::int64_t members = 0;
    for (const auto& group : groups)
        members += std::ssize(group.members);
    return text +
           fmt::format("{} groups of {} items", grouped(std::ssize(groups)), grouped(members));
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
