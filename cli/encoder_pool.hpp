/// The encoders that queries need, each loaded once, and the vectors of queries that need none.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "cli/job.hpp"
#include "core/encoder.hpp"
#include "data/manifest.hpp"

namespace pmatch::cli {

class KnownVectors;

class EncoderPool {
public:
    /// `known` may be nullptr.
    EncoderPool(Context& context, KnownVectors* known) : context_(context), known_(known) {}

    KnownVectors* known() const { return known_; }

    /// The encoder that made the space; spaces of one package at one precision share it.
    Encoder& encoder_of(const SpaceRecord& record, const std::string& space);

private:
    Context& context_;
    KnownVectors* known_;
    std::map<std::string, std::unique_ptr<Encoder>> encoders_;  ///< by fingerprint
};

/// The space's package takes pictures and texts; false when it cannot be read.
bool has_both_towers(const SpaceRecord& record);

}  // namespace pmatch::cli
