/// Internal to data/: finds the shards that wait.
#pragma once

#include <filesystem>
#include <vector>

#include "data/shards/shard_list.hpp"

namespace pmatch {

/// Those in `directory`, which is a shard's, a collection or holds some: ordered by path, as real
/// paths. Nothing is followed out of it by a symbolic link.
std::vector<ShardList> find_shards(const std::filesystem::path& directory);

/// The shards of one space, or of the captions of one name, by shard.
using ShardGroup = std::vector<ShardList>;

/// Throws Error if a shard is there twice, or if they are not all of the same encoder, share count
/// and windows.
std::vector<ShardGroup> group_shards(std::vector<ShardList> lists);

}  // namespace pmatch
