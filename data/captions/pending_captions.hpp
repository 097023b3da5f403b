/// The pictures of a collection that still need a caption.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/common/shard.hpp"
#include "core/pipeline/caption_entry.hpp"
#include "data/collection/collection.hpp"

namespace pmatch {

struct CaptionWindows {
    int rows = 16;     ///< of a window
    Shard shard = {};  ///< only windows of this share
};

/// Pictures without a live entry of `captions`, in windows of rows. Problems that may have been
/// fixed (missing, unreadable, content_changed) are tried again.
std::unique_ptr<WorkSource> pending_captions(const Collection& collection, int window_rows,
                                             const Source& captions = Source::captions());
/// The same with other entries than the collection's, in ascending (row, ordinal).
std::unique_ptr<WorkSource> pending_captions(const Collection& collection,
                                             std::vector<CaptionEntry> entries,
                                             const CaptionWindows& windows);

struct CaptionCount {
    std::int64_t total = 0;    ///< all pictures
    std::int64_t done = 0;     ///< with a live caption
    std::int64_t skipped = 0;  ///< without one, for a recorded reason
};
CaptionCount count_captions(const Collection& collection,
                            const Source& captions = Source::captions());
CaptionCount count_captions(const Collection& collection, std::vector<CaptionEntry> entries,
                            const CaptionWindows& windows);

/// Whether pending_captions() yields the picture that has this entry, or null.
bool is_pending(const CaptionEntry* entry);

}  // namespace pmatch
