/// Opens what embeds a space: its source, name, precision and encoders.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/indexing/embed_space.hpp"

namespace pmatch {

struct SpaceEncoders {
    std::string space;
    Source source;
    std::vector<std::unique_ptr<Encoder>> owned;
    std::vector<Encoder*> encoders;
    SpaceRecord record;     ///< what a new space records of them
    EmbedOptions pipeline;  ///< with the workers and batches that suit them
    int window_rows = 0;

    const EncoderInfo& info() const { return encoders.front()->info(); }
};

/// Errors as embed_space(). An existing space keeps its precision.
SpaceEncoders open_space_encoders(const Collection& collection, const EncoderModel& model,
                                  const EmbedRequest& request, const Execution& execution);

}  // namespace pmatch
