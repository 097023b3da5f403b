/// Encodes pictures and texts as vectors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/common/image.hpp"
#include "core/common/problem.hpp"
#include "core/encoders/long_texts.hpp"

namespace pmatch {

/// How many vectors an encoder makes per input.
enum class VectorsPerInput {
    kOne,
    kVariable,  ///< any number, including 0, for example one per image region
};

/// What a vector space records about its encoder.
struct EncoderInfo {
    std::string name;         ///< e.g. "minilm-l6", or "builtin:colour"
    std::string package;      ///< absolute path of the package directory, or "builtin:colour"
    std::string fingerprint;  ///< SHA-256 in hex, of all that determines a vector
    std::string precision;    ///< "fp32", ...
    std::string device;       ///< "cpu" or "cuda:N"; does not affect the vectors
    int dim = 0;
    bool normalized = false;  ///< vectors have unit length
    bool images = false;      ///< takes pictures
    bool texts = false;       ///< takes texts
    VectorsPerInput vectors_per_input = VectorsPerInput::kOne;
    bool bytes = false;  ///< all values are whole numbers from 0 to 255, and kept as such
    int max_tokens = 0;  ///< of a text, including special tokens; 0: takes none, or has no limit
    LongTexts long_texts = LongTexts::kCut;
};

/// Documents and queries: some models use different prefixes for them.
enum class TextRole { kDocument, kQuery };

/// One input prepared by a worker thread: token ids, resized 8-bit pixels, or the vectors
/// themselves if the encoder computes them during preparation.
struct Prepared {
    std::vector<std::int32_t> tokens;  ///< including special tokens, truncated to the token limit
    std::vector<std::uint8_t> pixels;  ///< height x width x 3, in the model's input size
    std::vector<float> vectors = {};   ///< row-major, a multiple of the dimension
    /// LongTexts::kMean: tokens of the second and later windows of a long text.
    std::vector<std::vector<std::int32_t>> more_windows = {};
    bool cut = false;      ///< a part of the text was left out
    bool unknown = false;  ///< the tokenizer knows nothing of the text: every token says "unknown"
    bool nothing = false;  ///< the tokenizer makes no token of the text, so it can have no vector
};

/// The problem of a text with Prepared::nothing.
Problem no_tokens();

/// The vectors of a batch, row-major: input i has rows begin(i) up to, but not including, end(i).
struct EncodedRows {
    std::vector<float> values;
    std::vector<std::size_t> ends;  ///< per input, ascending

    std::size_t begin(std::size_t input) const { return input == 0 ? 0 : ends[input - 1]; }
    std::size_t end(std::size_t input) const { return ends[input]; }
};

class Encoder {
public:
    virtual ~Encoder() = default;

    virtual const EncoderInfo& info() const = 0;

    /// Tokenises or resizes. Safe to call from many threads, also while encode() runs.
    virtual Prepared prepare(const Image& image) const = 0;
    virtual Prepared prepare(std::string_view text, TextRole role) const = 0;

    /// Writes batch.size() x dim floats, row-major, in the order of the batch. All inputs are of
    /// one kind. Not thread-safe: one call at a time. Texts are padded to the longest in the batch,
    /// so sorting by token count reduces padding. Throws Error for encoders that do not make
    /// exactly one vector per input.
    virtual void encode(std::span<const Prepared* const> batch, std::span<float> vectors) = 0;

    /// The same for every encoder, whatever number of vectors it makes per input. The default calls
    /// encode(): one row each.
    virtual EncodedRows encode_rows(std::span<const Prepared* const> batch);
};

/// Throws Error if the encoder makes a variable number of vectors per input: indexes and lists
/// identify a vector by its input's row and ordinal, so they need exactly one per input.
void check_one_vector_per_input(const EncoderInfo& info);

}  // namespace pmatch
