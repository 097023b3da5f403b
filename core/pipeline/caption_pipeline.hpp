/// The pipeline behind `caption`: while one window is captioned, the pictures of the next are read
/// and preprocessed.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

#include "core/encoders/picture_reader.hpp"
#include "core/pipeline/caption_entry.hpp"

namespace pmatch {

struct CaptionOptions {
    int workers = 0;            ///< threads that read and decode; 0 = one per core
    bool check_content = true;  ///< skip pictures whose content hash differs from their key
};

/// Progress, including the current window.
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

/// Runs until the source ends or `stop` is set; an unfinished window is then discarded. Memory
/// holds the model input of two windows.
CaptionReport caption(WorkSource& source, const PictureReader& reader, Captioner& captioner,
                      CaptionSink& sink, const CaptionOptions& options = {},
                      const CaptionHooks& hooks = {});

}  // namespace pmatch
