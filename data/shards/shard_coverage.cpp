#include "data/shards/shard_coverage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "core/common/error.hpp"
#include "core/text/number_text.hpp"
#include "data/captions/pending_captions.hpp"
#include "data/embeddings/pending_inputs.hpp"
#include "data/items/caption_reader.hpp"
#include "data/items/items.hpp"
#include "data/shards/shard_parts.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kShardsNamed = 8;

/// The shard of a group to which a row belongs.
int shard_of(const ShardList& list, std::int64_t row) {
    const auto window = row / std::max(list.window_rows, 1);
    return static_cast<int>(window % list.shard.count);
}

ShardCoverage coverage_of_space(const Collection& collection, const ShardGroup& group) {
    ShardCoverage coverage;
    coverage.live.resize(group.size());
    const auto& name = group.front().name;
    auto with = space_with(collection, name, group);
    std::vector<std::size_t> list_of;  // by part of `with`, behind the collection's own
    for (std::size_t list = 0; list < group.size(); ++list)
        list_of.insert(list_of.end(), group[list].parts.size(), list);
    const auto own = with.manifest.spaces.at(name).parts.size() - list_of.size();
    LiveScan scan(collection, std::move(with), name);
    while (scan.next()) {
        const auto row = scan.input().key().row;
        if (scan.state() == LiveScan::State::kPending) {
            ++coverage.missing[shard_of(group.front(), row)];
        } else if (scan.part() >= own) {
            ++coverage.live[list_of[scan.part() - own]];
        }
    }
    auto before = space_with(collection, name, std::span(group).first(1));
    auto& parts = before.manifest.spaces.at(name).parts;
    parts.resize(own);
    LiveScan present(collection, std::move(before), name);
    while (present.next())
        coverage.pending += is_pending(present) ? 1 : 0;
    return coverage;
}

ShardCoverage coverage_of_captions(const Collection& collection, const ShardGroup& group) {
    ShardCoverage coverage;
    const auto& name = group.front().name;
    const Items items(collection);
    for_each_picture(items.inputs(Source::pictures()), captions_with(collection, name, group),
                     [&](const InputCursor& picture, const CaptionEntry* entry) {
                         if (entry == nullptr)
                             ++coverage.missing[shard_of(group.front(), picture.key().row)];
                     });
    for_each_picture(items.inputs(Source::pictures()), captions_with(collection, name, {}),
                     [&](const InputCursor&, const CaptionEntry* entry) {
                         coverage.pending += is_pending(entry) ? 1 : 0;
                     });
    for (const auto& list : group) {
        const auto live = live_among(items.inputs(Source::pictures()), captions_of(list));
        coverage.live.push_back(static_cast<std::int64_t>(live.size()));
    }
    return coverage;
}

std::int64_t entries_of(const ShardList& list) {
    std::int64_t entries = 0;
    for (const auto& [part, file] : list.parts)
        entries += part.rows + part.skipped;
    return entries;
}

void check_not_foreign(const Collection& collection, const ShardGroup& group,
                       const ShardCoverage& coverage) {
    const auto here = items_checksum(collection);
    for (std::size_t i = 0; i < group.size(); ++i) {
        const auto& list = group[i];
        const auto entries = entries_of(list);
        if (entries == 0 || coverage.live[i] > 0 || list.items == here) continue;
        throw Error{fmt::format("{} was made of another catalog: none of its {} inputs is in this "
                                "collection",
                                list.title(), grouped(entries)),
                    list.directory.string(), "remove the directory, or name its own collection"};
    }
}

}  // namespace

ShardCoverage coverage_of(const Collection& collection, const ShardGroup& group) {
    return group.front().captions ? coverage_of_captions(collection, group)
                                  : coverage_of_space(collection, group);
}

void check_coverage(const Collection& collection, const ShardGroup& group,
                    const ShardCoverage& coverage) {
    check_not_foreign(collection, group, coverage);
    if (coverage.missing.empty()) return;
    std::string names;
    std::vector<Command> commands;
    for (const auto& pair : coverage.missing) {
        const auto index = pair.first;
        const auto inputs = pair.second;
        if (commands.size() == kShardsNamed) break;
        auto wanted = group.front();
        wanted.shard.index = index;
        const bool begun = std::any_of(group.begin(), group.end(), [&](const ShardList& list) {
            return list.shard.index == index;
        });
        names += fmt::format("{}{} {} ({} inputs)", names.empty() ? "" : ", ", wanted.shard.text(),
                             begun ? "is unfinished" : "is missing", grouped(inputs));
        commands.push_back(wanted.command());
    }
    const auto more = coverage.missing.size() - commands.size();
    if (more > 0) names += fmt::format(" and {} more", more);
    const bool changed = std::any_of(group.begin(), group.end(), [&](const ShardList& list) {
        return list.items != items_checksum(collection);
    });
    throw Error{fmt::format("not all shards of {} '{}' are done: {}{}",
                            group.front().captions ? "the captions" : "space", group.front().name,
                            names, changed ? "; the catalog has changed since some were made" : ""),
                collection.given_path(), Remedy("run", std::move(commands), ", then merge again")};
}

}  // namespace pmatch
