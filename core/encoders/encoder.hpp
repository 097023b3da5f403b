/// What turns pictures and texts into vectors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/common/image.hpp"

namespace pmatch {

/// How many vectors an encoder makes of an input.
enum class VectorsPerInput {
    kOne,
    kVariable,  ///< any number, none too: places in a picture, say
};

/// What a vector space must record about the encoder that made it.
struct EncoderInfo {
    std::string name;         ///< e.g. "minilm-l6", or "builtin:colour"
    std::string package;      ///< absolute path of the package directory, or "builtin:colour"
    std::string fingerprint;  ///< SHA-256, 64 hexadecimal digits: all that decides a vector
    std::string precision;    ///< "fp32", ...
    std::string device;       ///< "cpu" or "cuda:N"; vectors do not depend on it
    int dim = 0;
    bool normalized = false;  ///< vectors have unit length
    bool images = false;      ///< takes pictures
    bool texts = false;       ///< takes texts
    VectorsPerInput vectors_per_input = VectorsPerInput::kOne;
};

/// Which side of a search a text is on: some models want another prefix for each.
enum class TextRole { kDocument, kQuery };

/// One input made ready by a worker thread: token ids, resized 8-bit pixels, or, of encoders whose
/// work is done there, its vectors.
struct Prepared {
    std::vector<std::int32_t> tokens;  ///< with the special tokens, cut to the token limit
    std::vector<std::uint8_t> pixels;  ///< height x width x 3, the size the model wants
    std::vector<float> vectors = {};   ///< row-major, a multiple of the dimension
};

/// The vectors of a batch, row-major: input i has the rows from begin(i) to before end(i).
struct EncodedRows {
    std::vector<float> values;
    std::vector<std::size_t> ends;  ///< by input, ascending

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
    /// one kind. One call at a time. Texts are padded to the longest of the batch, so a caller
    /// that sorts by token count wastes less. Only of encoders that make one vector of an input;
    /// others throw Error.
    virtual void encode(std::span<const Prepared* const> batch, std::span<float> vectors) = 0;

    /// The same of every encoder, however many vectors it makes of an input. As it is here: one
    /// row each, by encode().
    virtual EncodedRows encode_rows(std::span<const Prepared* const> batch);
};

/// Throws Error when the encoder makes any number of vectors of an input. Parts, indexes and lists
/// know a vector by the row and ordinal of its input, so embedding and queries take one of each.
void check_one_vector_per_input(const EncoderInfo& info);

}  // namespace pmatch
