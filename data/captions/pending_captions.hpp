/// Which pictures of a collection still want a caption.
#pragma once

#include <cstdint>
#include <memory>

#include "core/pipeline/embedding_work.hpp"
#include "data/collection/collection.hpp"

namespace pmatch {

/// Pictures that no live entry accounts for, in windows cut by row number. Problems that may have
/// mended (missing, unreadable, content_changed) are tried again.
std::unique_ptr<WorkSource> pending_captions(const Collection& collection, int window_rows);

struct CaptionCount {
    std::int64_t total = 0;    ///< pictures there are
    std::int64_t done = 0;     ///< with a live caption
    std::int64_t skipped = 0;  ///< without one for a reason
};
CaptionCount count_captions(const Collection& collection);

}  // namespace pmatch
