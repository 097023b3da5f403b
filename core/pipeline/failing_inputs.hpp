/// Runs a network over a batch so that an input on which it fails costs no other its result: the
/// batch is halved until the failing inputs stand alone. A model that also fails on a plain input
/// of our own is broken, which ends the run.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "core/common/problem.hpp"
#include "core/encoders/captioner.hpp"
#include "core/encoders/encoder.hpp"
#include "core/encoders/picture_reader.hpp"

namespace pmatch {

inline constexpr const char* kNotPrepared = "not_prepared";  ///< failed to be resized or tokenised
inline constexpr const char* kNotEncoded = "not_encoded";    ///< the network failed on it
inline constexpr const char* kNotCaptioned = "not_captioned";

/// PictureReader::read(), whose exceptions are the picture's problem, too, unless they end the run.
std::variant<Image, Problem> read_picture(const PictureReader& reader,
                                          const std::filesystem::path& file,
                                          const std::optional<Hash128>& expected);

/// One input, ready for the encoder, or why it is not.
std::variant<Prepared, Problem> prepare_text(const Encoder& encoder, std::string_view text,
                                             TextRole role);
std::variant<Prepared, Problem> prepare_picture(const Encoder& encoder, const PictureReader& reader,
                                                const std::filesystem::path& file,
                                                const std::optional<Hash128>& expected);

struct BatchSteps {
    std::function<void(std::size_t begin, std::size_t end)> run;  ///< inputs begin up to end
    std::function<void()> plain;  ///< a plain input; throws if that fails
    const char* code = "";        ///< of the problems
};

/// The problems of inputs 0 to `count` - 1; an empty code: `run` was done with it. Rethrows what
/// ends the run, and the first exception if `plain` fails, too.
std::vector<Problem> run_batch(std::size_t count, const BatchSteps& steps);

/// Encoder::encode, or a variant of it.
using EncodeCall =
    std::function<void(std::span<const Prepared* const> batch, std::span<float> vectors)>;

/// `encode(batch, vectors)` with run_batch(). The vector of an input with a problem is unspecified.
/// All inputs are of one kind: pictures or texts.
std::vector<Problem> encode_batch(const Encoder& encoder, bool pictures, const EncodeCall& encode,
                                  std::span<const Prepared* const> batch, std::span<float> vectors);

/// The same with Encoder::encode_rows(): `take(input, values)` gets the vectors of each input that
/// has no problem, row-major.
std::vector<Problem> encode_rows_batch(
    Encoder& encoder, bool pictures, std::span<const Prepared* const> batch,
    const std::function<void(std::size_t input, std::span<const float> values)>& take);

struct CaptionBatch {
    std::vector<Caption> captions;
    std::vector<Problem> problems;  ///< an empty code: there is a caption
};

/// Captioner::caption() with run_batch(). If it is stopped, unfinished captions are empty.
CaptionBatch caption_batch(Captioner& captioner, std::span<const PreparedPicture* const> pictures,
                           const Captioner::Progress& progress);

}  // namespace pmatch
