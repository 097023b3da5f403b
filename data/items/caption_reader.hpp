/// The captions that a collection holds, as they are read.
#pragma once

#include <functional>
#include <vector>

#include "core/pipeline/caption_entry.hpp"
#include "data/collection/collection.hpp"
#include "data/items/items.hpp"

namespace pmatch {

/// Ascending (row, ordinal).
bool in_caption_order(const CaptionEntry& left, const CaptionEntry& right);

/// All entries of the record's parts in ascending (row, ordinal), a later part's behind an earlier
/// one's. Each part is checked against the manifest first.
std::vector<CaptionEntry> read_captions(const SnapshotFiles& files, const Manifest& manifest);

/// Calls take(picture, entry) for each picture with the latest of the entries, which are in order,
/// that speaks of it as it is now; null: there is none.
void for_each_picture(
    InputCursor pictures, std::vector<CaptionEntry> entries,
    const std::function<void(const InputCursor& picture, CaptionEntry* entry)>& take);

/// Those of `entries` that speak of the `pictures` as they are now, the latest of each.
std::vector<CaptionEntry> live_among(InputCursor pictures, std::vector<CaptionEntry> entries);

}  // namespace pmatch
