/// Internal to data/: what a group of shards adds to a collection, and what it lacks.
#pragma once

#include <cstdint>
#include <map>

#include "data/collection/collection.hpp"
#include "data/shards/find_shards.hpp"

namespace pmatch {

struct ShardCoverage {
    std::int64_t pending = 0;  ///< inputs that the collection lacks
    /// By a shard's index: inputs that neither the collection nor a shard accounts for.
    std::map<int, std::int64_t> missing;
    std::vector<std::int64_t> live;  ///< by list: its entries that are of the collection's inputs
};

/// Reads all keys of the collection's parts and the shards', verified.
ShardCoverage coverage_of(const Collection& collection, const ShardGroup& group);

/// Throws Error, naming the shards and the commands, unless the coverage is complete and every
/// shard is this collection's.
void check_coverage(const Collection& collection, const ShardGroup& group,
                    const ShardCoverage& coverage);

}  // namespace pmatch
