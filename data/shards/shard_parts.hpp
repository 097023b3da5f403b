/// Internal to data/: reads a collection's parts and, after them, those of shards.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/pipeline/caption_entry.hpp"
#include "data/collection/collection.hpp"
#include "data/embeddings/live_entry_scan.hpp"
#include "data/shards/shard_list.hpp"

namespace pmatch {

/// The space or captions `name`, to which shards' parts are added; without parts of its own it
/// becomes what the shards were `made` as.
template <typename Record>
Record& begun_record(std::map<std::string, Record>& records, const std::string& name,
                     const Record& made) {
    auto& record = records[name];
    if (!record.parts.empty()) return record;
    const auto next_part = std::max<std::int64_t>(record.next_part, 1);
    record = made;
    record.next_part = next_part;
    return record;
}

/// The space `name` as it would be with the parts of `lists`, which are all of it; registered if it
/// is new. Throws Error if a list's vectors cannot stand beside the space's or another list's.
SpaceParts space_with(const Collection& collection, const std::string& name,
                      std::span<const ShardList> lists);

/// The entries of the parts of a list of captions, in their order.
std::vector<CaptionEntry> captions_of(const ShardList& list);

/// The same as space_with() for captions: all entries in ascending (row, ordinal), for equal keys
/// those of later parts last.
std::vector<CaptionEntry> captions_with(const Collection& collection, const std::string& name,
                                        std::span<const ShardList> lists);

}  // namespace pmatch
