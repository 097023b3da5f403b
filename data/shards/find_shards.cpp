#include "data/shards/find_shards.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <system_error>
#include <utility>

#include "core/common/error.hpp"

namespace pmatch {
namespace {

namespace fs = std::filesystem;

constexpr int kDeepest = 4;

void look_in(const fs::path& directory, int depth, std::vector<ShardList>& found) {
    std::error_code none;
    if (fs::exists(directory / kShardListName, none)) {
        found.push_back(read_shard_list(fs::canonical(directory)));
        return;
    }
    if (depth == kDeepest) return;
    std::vector<fs::path> below;
    for (const auto& entry : fs::directory_iterator(directory, none)) {
        if (entry.is_directory(none) && !entry.is_symlink(none)) below.push_back(entry.path());
    }
    std::sort(below.begin(), below.end());
    for (const auto& path : below)
        look_in(path, depth + 1, found);
}

[[noreturn]] void refuse(const ShardList& one, const ShardList& other, const std::string& why,
                         const Remedy& remedy) {
    throw Error{fmt::format("{} in '{}' and {} in '{}' {}", one.title(), one.directory.string(),
                            other.title(), other.directory.string(), why),
                {},
                remedy};
}

/// Another share with the encoder of `list`, whatever it has.
Command as_made(ShardList list, const Shard& shard) {
    list.shard = shard;
    auto command = list.command();
    command.arguments.emplace_back("--replace");
    return command;
}

void check_together(const ShardList& one, const ShardList& other) {
    if (one.shard.count != other.shard.count) {
        refuse(one, other, "are shares of different cuts", "remove those of one cut");
    }
    if (one.shard.index == other.shard.index) {
        refuse(one, other, "are the same share twice", "remove one of the two directories");
    }
    if (one.fingerprint() != other.fingerprint()) {
        const auto precision = [](const ShardList& list) {
            return list.captions ? list.captions->precision : list.space.precision;
        };
        refuse(
            one, other,
            fmt::format("are of different encoders (fingerprints {}, {} and {}, {})",
                        one.fingerprint(), precision(one), other.fingerprint(), precision(other)),
            Remedy("make the second again as the first was made,", {as_made(one, other.shard)},
                   ", or the first as the second"));
    }
    if (one.window_rows != other.window_rows) {
        refuse(one, other,
               fmt::format("have windows of {} and {} rows, as different kinds of device take them",
                           one.window_rows, other.window_rows),
               "make all shards on the same kind of device");
    }
}

}  // namespace

std::vector<ShardList> find_shards(const fs::path& directory) {
    std::vector<ShardList> found;
    std::error_code none;
    const auto staging = directory / kStagingFolder;
    look_in(fs::is_directory(staging, none) ? staging : directory, 0, found);
    return found;
}

std::vector<ShardGroup> group_shards(std::vector<ShardList> lists) {
    std::map<std::pair<bool, std::string>, ShardGroup> groups;
    for (auto& list : lists)
        groups[{list.captions.has_value(), list.name}].push_back(std::move(list));
    std::vector<ShardGroup> result;
    for (auto& [key, group] : groups) {
        std::stable_sort(group.begin(), group.end(), [](const auto& a, const auto& b) {
            return a.shard.index < b.shard.index;
        });
        for (std::size_t i = 1; i < group.size(); ++i)
            check_together(group[i - 1], group[i]);
        result.push_back(std::move(group));
    }
    return result;
}

}  // namespace pmatch
