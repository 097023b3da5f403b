/// The pictures of a collection that still need a caption.
#pragma once

#include <cstdint>
#include <memory>

#include "core/pipeline/embedding_work.hpp"
#include "data/collection/collection.hpp"

namespace pmatch {

/// Pictures without a live entry of `captions`, in windows of rows. Problems that may have been
/// fixed (missing, unreadable, content_changed) are tried again.
std::unique_ptr<WorkSource> pending_captions(const Collection& collection, int window_rows,
                                             const Source& captions = Source::captions());

struct CaptionCount {
    std::int64_t total = 0;    ///< all pictures
    std::int64_t done = 0;     ///< with a live caption
    std::int64_t skipped = 0;  ///< without one, for a recorded reason
};
CaptionCount count_captions(const Collection& collection,
                            const Source& captions = Source::captions());

}  // namespace pmatch
