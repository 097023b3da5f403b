/// The bounded pipeline behind `embed` and queries: source → worker threads read, decode, tokenise
/// → encoders process full batches → sink.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include "core/encoders/encoder.hpp"
#include "core/encoders/picture_reader.hpp"
#include "core/pipeline/embedding_work.hpp"

namespace pmatch {

struct EmbedOptions {
    int workers = 0;                 ///< threads that read, decode and tokenise; 0 = one per core
    std::size_t text_batch = 1024;   ///< texts per encoder call, which splits them into passes
    std::size_t picture_batch = 32;  ///< pictures per encoder call
    std::size_t windows_ahead = 4;   ///< maximum number of windows in memory, at least 2
    TextRole role = TextRole::kDocument;
    bool check_content = true;  ///< skip pictures whose content hash differs from their key
};

/// Progress of the embedding.
struct EmbedReport {
    std::int64_t vectors = 0;
    std::int64_t skipped = 0;
    std::int64_t cut = 0;         ///< texts of which a part was left out, see Prepared
    std::int64_t long_texts = 0;  ///< texts read in several windows
    std::int64_t unknown = 0;     ///< texts of which the tokenizer knows nothing
    double seconds = 0;           ///< wall time since the start
    double encoder_seconds = 0;   ///< of it inside encoders, averaged over the encoders
    bool interrupted = false;     ///< `stop` was set before the source ended

    std::int64_t inputs() const { return vectors + skipped; }
    /// Fraction of the wall time that the encoders were busy, 0 to 1.
    double encoder_share() const { return seconds > 0 ? encoder_seconds / seconds : 0; }
};

struct EmbedHooks {
    std::function<void(const EmbedReport&)> progress;  ///< after each window, on the calling thread
    const std::atomic<bool>* stop = nullptr;           ///< set by a signal handler
};

/// Runs until the source ends or `stop` is set; all windows encoded by then have been appended to
/// the sink, in order. Memory is bounded by `windows_ahead` windows. An exception about one input
/// makes it a skipped one (see failing_inputs.hpp); any other ends the run and is rethrown here.
/// Texts are sorted by token count inside their window, so equal windows give equal batches.
EmbedReport embed(WorkSource& source, const PictureReader& reader,
                  std::span<Encoder* const> encoders, EmbeddingSink& sink,
                  const EmbedOptions& options = {}, const EmbedHooks& hooks = {});

}  // namespace pmatch
