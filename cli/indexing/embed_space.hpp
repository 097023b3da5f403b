/// Makes what is missing of a space's vectors: the work behind `pmatch embed`.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

#include "core/common/observer.hpp"
#include "core/common/source.hpp"
#include "core/encoders/encoder_model.hpp"
#include "core/pipeline/embed_pipeline.hpp"
#include "data/collection/collection.hpp"
#include "data/embeddings/embedding_space.hpp"

namespace pmatch {

struct EmbedRequest {
    /// Nothing: pictures where the model takes them, else the text.
    std::optional<Source> source = {};
    std::string space = {};      ///< empty: called like the source
    bool replace = false;        ///< let go of vectors that another model made
    LoadOptions load = {};       ///< device and precision; the rest comes from the execution
    EmbedOptions pipeline = {};  ///< but for the workers
    SpaceWriterOptions writer = {};
};

struct EmbedOutcome {
    std::string space;
    bool interrupted = false;
    std::int64_t skipped = 0;  ///< inputs of the space that have no vector for a reason
};

/// `stop` is set by a signal handler; nullptr: nobody interrupts. The observer hears what is done.
/// Throws UsageError for a source that the model does not take and for what its open() refuses,
/// Error for a model that makes any number of vectors of an input: parts hold one of each.
EmbedOutcome embed_space(Collection& collection, const EncoderModel& model,
                         const EmbedRequest& request, const Execution& execution,
                         const std::atomic<bool>* stop = nullptr);

}  // namespace pmatch
