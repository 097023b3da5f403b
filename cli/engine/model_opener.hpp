/// Where an engine gets its models from, by what a collection recorded of them.
#pragma once

#include <memory>
#include <string>

#include "core/common/observer.hpp"
#include "core/encoders/captioner.hpp"
#include "core/encoders/encoder_kind.hpp"
#include "data/collection/manifest.hpp"

namespace pmatch {

/// Safe to use from many threads. The observers that an encoder or captioner was opened with hear
/// of it while it lives.
class ModelOpener {
public:
    virtual ~ModelOpener() = default;

    /// The encoder that made the space. Throws Error naming both fingerprints when it is not the
    /// same any more.
    virtual std::unique_ptr<Encoder> encoder(const SpaceRecord& record, const std::string& space,
                                             const Execution& execution) const = 0;
    /// Pictures and texts become vectors of the space; false when that cannot be found out.
    virtual bool takes_both(const SpaceRecord& record) const = 0;
    /// One package made both spaces, at precisions that differ, and records that vectors of either
    /// answer as those of fp32 do. False when that cannot be found out.
    virtual bool differ_harmlessly(const SpaceRecord& one, const SpaceRecord& other) const = 0;
    /// The captioner that wrote the captions. Throws Error as encoder() does.
    virtual std::unique_ptr<Captioner> captioner(const CaptionsRecord& record,
                                                 const Execution& execution) const = 0;
};

/// Models of the program's kinds, encoder_kinds(): found where the collection was made, or by their
/// names.
const ModelOpener& program_models();

/// Models of other kinds; captioners are model packages. `kinds` must outlive it.
std::unique_ptr<ModelOpener> models_of(const EncoderKinds& kinds);

}  // namespace pmatch
