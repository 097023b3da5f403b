#include <map>
#include <set>
#include <system_error>
#include <tuple>
#include <utility>

#include "core/common/error.hpp"
#include "data/shards/find_shards.hpp"
#include "data/shards/merge_shards.hpp"

namespace pmatch {
namespace {

constexpr int kMostNamed = 8;

/// Of the shards of one cut.
WaitingShards summary(const std::vector<ShardList>& lists) {
    const auto& first = lists.front();
    WaitingShards cut;
    cut.name = first.name;
    cut.captions = first.captions.has_value();
    cut.shards = static_cast<int>(lists.size());
    cut.count = first.shard.count;
    std::set<int> there;
    for (const auto& list : lists) {
        there.insert(list.shard.index);
        for (const auto& [part, file] : list.parts)
            cut.entries += part.rows + part.skipped;
    }
    if (cut.count - cut.shards > kMostNamed) return cut;
    auto wanted = first;
    for (wanted.shard.index = 0; wanted.shard.index < cut.count; ++wanted.shard.index) {
        if (!there.contains(wanted.shard.index)) cut.missing.push_back(wanted.command());
    }
    return cut;
}

}  // namespace

std::vector<WaitingShards> waiting_shards(const Collection& collection) {
    std::error_code none;
    const auto staging = collection.directory() / kStagingFolder;
    if (!std::filesystem::is_directory(staging, none)) return {};
    std::map<std::tuple<std::string, bool, int>, std::vector<ShardList>> cuts;
    try {
        for (auto& list : find_shards(staging)) {
            const std::tuple key(list.name, list.captions.has_value(), list.shard.count);
            cuts[key].push_back(std::move(list));
        }
    } catch (const Error&) {
        // Being written, or damaged: merging says so.
    }
    std::vector<WaitingShards> result;
    for (const auto& [key, lists] : cuts)
        result.push_back(summary(lists));
    return result;
}

}  // namespace pmatch
