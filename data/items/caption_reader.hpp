/// Reads the captions of a collection.
#pragma once

#include <functional>
#include <vector>

#include "core/pipeline/caption_entry.hpp"
#include "data/collection/collection.hpp"
#include "data/items/items.hpp"

namespace pmatch {

/// Ascending (row, ordinal).
bool in_caption_order(const CaptionEntry& left, const CaptionEntry& right);

/// All entries of the parts of `captions` in ascending (row, ordinal); for equal keys, later parts
/// come last. Each part is verified against the manifest first.
std::vector<CaptionEntry> read_captions(const SnapshotFiles& files, const Manifest& manifest,
                                        const Source& captions);

/// Calls take(picture, entry) for each picture with the latest entry for its current content; null
/// if there is none. Entries must be in order.
void for_each_picture(
    InputCursor pictures, std::vector<CaptionEntry> entries,
    const std::function<void(const InputCursor& picture, CaptionEntry* entry)>& take);

/// The latest entry for the current content of each of the `pictures`.
std::vector<CaptionEntry> live_among(InputCursor pictures, std::vector<CaptionEntry> entries);

}  // namespace pmatch
