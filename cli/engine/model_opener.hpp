/// Opens the models recorded in a collection.
#pragma once

#include <memory>
#include <string>

#include "core/common/observer.hpp"
#include "core/encoders/captioner.hpp"
#include "core/encoders/encoder_kind.hpp"
#include "data/collection/manifest.hpp"

namespace pmatch {

/// Thread-safe. The observer passed when opening an encoder or captioner must outlive it.
class ModelOpener {
public:
    virtual ~ModelOpener() = default;

    /// The encoder that made the space. Throws Error, naming both fingerprints, if the model has
    /// changed.
    virtual std::unique_ptr<Encoder> encoder(const SpaceRecord& record, const std::string& space,
                                             const Execution& execution) const = 0;
    /// Whether the space's model encodes both pictures and texts; false if that is unknown.
    virtual bool takes_both(const SpaceRecord& record) const = 0;
    /// Whether one package made both spaces at different precisions whose results it records as
    /// equivalent. False if that is unknown.
    virtual bool differ_harmlessly(const SpaceRecord& one, const SpaceRecord& other) const = 0;
    /// The captioner that wrote the captions. Throws Error like encoder().
    virtual std::unique_ptr<Captioner> captioner(const CaptionsRecord& record,
                                                 const Execution& execution) const = 0;
};

/// For the program's kinds, encoder_kinds(): models are found at the recorded path, or else by
/// name.
const ModelOpener& program_models();

/// For other kinds of encoders; captioners are the program's. `kinds` must outlive the result.
std::unique_ptr<ModelOpener> models_of(const EncoderKinds& kinds);

}  // namespace pmatch
