/// Embeds the pending inputs of a space; implements `pmatch embed`.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

#include "core/common/observer.hpp"
#include "core/common/shard.hpp"
#include "core/common/source.hpp"
#include "core/encoders/encoder_model.hpp"
#include "core/pipeline/embed_pipeline.hpp"
#include "data/collection/collection.hpp"
#include "data/embeddings/embedding_space.hpp"

namespace pmatch {

struct EmbedRequest {
    /// Unset: pictures if the model encodes them, else the text.
    std::optional<Source> source = {};
    std::string space = {};  ///< empty: named like the source
    bool replace = false;    ///< delete vectors of another model
    LoadOptions load = {};   ///< device and precision; the rest comes from elsewhere
    /// Unset: what the space was made with, else cut.
    std::optional<LongTexts> long_texts = {};
    EmbedOptions pipeline = {};  ///< except the workers
    SpaceWriterOptions writer = {};
    /// Only this share, written beside the collection until merge_shards(); `replace` then deletes
    /// what the share has.
    std::optional<Shard> shard = {};
};

struct EmbedOutcome {
    std::string space;
    bool interrupted = false;
    std::int64_t skipped = 0;  ///< inputs without a vector, for a recorded reason
};

/// What a new space records of the encoder that fills it; no parts yet.
SpaceRecord space_record(const Source& source, const EncoderInfo& info);

/// `stop` is set by a signal handler; may be nullptr. For a shard `collection` may be open for
/// reading. Throws UsageError for a source that the model
/// does not support and for options that open() rejects, Error for a model with a variable number
/// of vectors per input: parts hold one each.
EmbedOutcome embed_space(Collection& collection, const EncoderModel& model,
                         const EmbedRequest& request, const Execution& execution,
                         const std::atomic<bool>* stop = nullptr);

}  // namespace pmatch
