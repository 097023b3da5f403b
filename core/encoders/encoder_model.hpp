/// What `--model` names, once it is found: known by its fingerprint and its words, and opened only
/// when vectors are wanted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/common/error.hpp"
#include "core/encoders/encoder.hpp"
#include "core/encoders/load_options.hpp"
#include "core/encoders/picture_reader.hpp"
#include "core/encoders/stage_report.hpp"

namespace pmatch {

struct ModelFacts {
    std::string name;     ///< as `status` and messages have it; EncoderInfo::name
    std::string package;  ///< what `--model` finds it by from anywhere; EncoderInfo::package
    bool images = false;  ///< makes vectors of pictures
    bool texts = false;   ///< makes vectors of texts
};

/// A file that a model is made of.
struct ModelFile {
    std::string name;
    std::uint64_t size = 0;
    std::string sha256;
    std::optional<Error> damage;  ///< it is not as recorded
};

struct ModelPrecision {
    std::string name;
    std::string fingerprint;
    std::string loss;  ///< most that its vectors lose, for people
};

/// Read-only; safe to use from many threads.
class EncoderModel {
public:
    virtual ~EncoderModel() = default;

    virtual const ModelFacts& facts() const = 0;

    /// SHA-256, 64 hexadecimal digits, over all that decides a vector computed at this precision.
    /// Models that differ, of whatever kind, differ in it.
    virtual std::string fingerprint(const std::string& precision) const = 0;
    /// It is recorded that vectors of this precision answer as those of fp32 do; true of fp32.
    virtual bool is_harmless(const std::string& precision) const = 0;

    /// One encoder for each device, all of one fingerprint. Throws UsageError for an option that
    /// is not known or does not fit model or device, Error for anything wrong with the model.
    virtual std::vector<std::unique_ptr<Encoder>> open(const LoadOptions& options) const = 0;
    /// The same on one device, the first that `options` name.
    std::unique_ptr<Encoder> open_one(LoadOptions options) const;
    /// What makes an encoder that open() gave slower here than it could be; empty: nothing.
    virtual std::string slow_here(const EncoderInfo& opened) const = 0;

    /// For `model inspect`: lines of a label and a text, in the order in which they are shown.
    virtual std::vector<std::pair<std::string, std::string>> words() const = 0;
    /// Reads and compares all of them, which takes its time.
    virtual std::vector<ModelFile> files() const = 0;
    /// Those that it can be opened with; none where no vector is made.
    virtual std::vector<ModelPrecision> precisions() const = 0;

    /// For `model verify`: how many inputs there are of which a reference made vectors. Throws
    /// Error, saying what verifies it instead, when there are none.
    virtual std::size_t golden_examples() const = 0;
    /// What `encoder`, which open() gave, makes of them. Throws Error when a file is missing or
    /// not as recorded.
    virtual std::vector<StageReport> verify(Encoder& encoder,
                                            const PictureReader& reader) const = 0;
};

}  // namespace pmatch
