/// The loop behind `caption`: while the captions of one window are written, the pictures of the
/// next are read and cut into views.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

#include "core/encoders/picture_reader.hpp"
#include "core/pipeline/caption_entry.hpp"

namespace pmatch {

struct CaptionOptions {
    int workers = 0;            ///< threads that read and decode; 0 = one per core
    bool check_content = true;  ///< a picture whose bytes no longer hash to its key is skipped
};

/// What has been done so far, the window under way included.
struct CaptionReport {
    std::int64_t captions = 0;
    std::int64_t skipped = 0;
    std::int64_t tokens = 0;
    double seconds = 0;        ///< wall time since the start
    bool interrupted = false;  ///< `stop` was set before the source ended

    std::int64_t pictures() const { return captions + skipped; }
};

struct CaptionHooks {
    std::function<void(const CaptionReport&)> progress;  ///< after each step, on the calling thread
    const std::atomic<bool>* stop = nullptr;             ///< set by a signal handler
};

/// Runs until the source ends or `stop` is set; a window that was not finished by then is dropped.
/// Memory holds the views of two windows.
CaptionReport caption(WorkSource& source, const PictureReader& reader, Captioner& captioner,
                      CaptionSink& sink, const CaptionOptions& options = {},
                      const CaptionHooks& hooks = {});

}  // namespace pmatch
