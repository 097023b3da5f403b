/// Adds shards that wait to their collection.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/common/remedy.hpp"
#include "data/collection/collection.hpp"

namespace pmatch {

/// What was added to a space or to captions.
struct MergedShards {
    std::string name;
    bool captions = false;
    int shards = 0;             ///< that were there; others have no inputs
    int count = 0;              ///< of the cut
    std::int64_t rows = 0;      ///< vectors or captions
    std::int64_t skipped = 0;   ///< inputs without one
    bool there_before = false;  ///< a merge that was killed had added them already
};

/// The shards of one cut that wait in a collection's staging folder, finished or not.
struct WaitingShards {
    std::string name;
    bool captions = false;
    int shards = 0;
    int count = 0;                 ///< of the cut
    std::int64_t entries = 0;      ///< vectors or captions, and inputs without
    std::vector<Command> missing;  ///< what makes the others, if these are few
};

/// Empty where none waits; without those after a list that cannot be read.
std::vector<WaitingShards> waiting_shards(const Collection& collection);

/// Adds the shards in the collection's staging folder and in `directories` (shards, folders with
/// shards, or copies of the collection), all of them in one commit or, throwing Error, none: when
/// there is none, when one is damaged, there twice, of another encoder or catalog, still being
/// written, or when inputs are left that no shard accounts for. Those in the staging folder are
/// removed; others stay. Run again after a crash it ends in the same state. Empty where nothing
/// waits any more.
std::vector<MergedShards> merge_shards(Collection& collection,
                                       const std::vector<std::filesystem::path>& directories = {});

}  // namespace pmatch
