/// A model found by `--model`: its fingerprint and description are known, and its networks are
/// loaded only when vectors are needed.
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
    std::string name;     ///< as shown by `status` and messages; EncoderInfo::name
    std::string package;  ///< what `--model` accepts from any directory; EncoderInfo::package
    bool images = false;  ///< makes vectors of pictures
    bool texts = false;   ///< makes vectors of texts
};

/// A file that belongs to a model.
struct ModelFile {
    std::string name;
    std::uint64_t size = 0;
    std::string sha256;
    std::optional<Error> damage;  ///< set if it differs from what is recorded
};

struct ModelPrecision {
    std::string name;
    std::string fingerprint;
    std::string loss;  ///< the largest loss of its vectors, for people
};

/// Read-only; safe to use from many threads.
class EncoderModel {
public:
    virtual ~EncoderModel() = default;

    virtual const ModelFacts& facts() const = 0;

    /// SHA-256, 64 hexadecimal digits, of everything that determines a vector computed at this
    /// precision. Different models, of whatever kind, have different fingerprints.
    virtual std::string fingerprint(const std::string& precision) const = 0;
    /// The same where long texts are read so; equal to it for LongTexts::kCut.
    virtual std::string fingerprint_with(const std::string& precision, LongTexts /*texts*/) const {
        return fingerprint(precision);
    }
    /// Whether results at this precision are recorded to equal those of fp32; true for fp32.
    virtual bool is_harmless(const std::string& precision) const = 0;

    /// One encoder per device, all with the same fingerprint. Throws UsageError for an option that
    /// is unknown or does not fit model or device, Error for any problem with the model.
    virtual std::vector<std::unique_ptr<Encoder>> open(const LoadOptions& options) const = 0;
    /// The same for one device, the first in `options`.
    std::unique_ptr<Encoder> open_one(LoadOptions options) const;
    /// Why an encoder returned by open() is slower on this machine than it could be; empty if it is
    /// not.
    virtual std::string slow_here(const EncoderInfo& opened) const = 0;

    /// For `model inspect`: pairs of label and text, in display order.
    virtual std::vector<std::pair<std::string, std::string>> words() const = 0;
    /// Reads and verifies all files, which is slow.
    virtual std::vector<ModelFile> files() const = 0;
    /// Precisions that open() accepts; empty if the model makes no vectors.
    virtual std::vector<ModelPrecision> precisions() const = 0;

    /// For `model verify`: number of inputs with reference vectors. Throws Error, naming the
    /// alternative, if there are none.
    virtual std::size_t golden_examples() const = 0;
    /// Compares the output of `encoder`, which open() returned, with the reference. Throws Error if
    /// a file is missing or not as recorded.
    virtual std::vector<StageReport> verify(Encoder& encoder,
                                            const PictureReader& reader) const = 0;
};

}  // namespace pmatch
