#include <map>
#include <system_error>
#include <tuple>

#include "core/common/error.hpp"
#include "data/shards/find_shards.hpp"
#include "data/shards/merge_shards.hpp"

namespace pmatch {

std::vector<WaitingShards> waiting_shards(const Collection& collection) {
    std::error_code none;
    const auto staging = collection.directory() / kStagingFolder;
    if (!std::filesystem::is_directory(staging, none)) return {};
    std::map<std::tuple<std::string, bool, int>, WaitingShards> cuts;
    try {
        for (const auto& list : find_shards(staging)) {
            const bool captions = list.captions.has_value();
            auto& cut = cuts[{list.name, captions, list.shard.count}];
            cut.name = list.name;
            cut.captions = captions;
            cut.count = list.shard.count;
            ++cut.shards;
            for (const auto& [part, file] : list.parts)
                cut.entries += part.rows + part.skipped;
        }
    } catch (const Error&) {
        // Being written, or damaged: merging says so.
    }
    std::vector<WaitingShards> result;
    for (auto& [key, cut] : cuts)
        result.push_back(std::move(cut));
    return result;
}

}  // namespace pmatch
