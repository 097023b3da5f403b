/// What turns pictures and texts into vectors.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/image.hpp"

namespace pmatch {

/// What a vector space must record about the encoder that made it.
struct EncoderInfo {
    std::string name;         ///< the package's name, e.g. "minilm-l6"
    std::string package;      ///< absolute path of the package directory
    std::string fingerprint;  ///< SHA-256, 64 hexadecimal digits: all that decides a vector
    std::string precision;    ///< "fp32", ...
    std::string device;       ///< "cpu" or "cuda:N"; vectors do not depend on it
    int dim = 0;
    bool normalized = false;  ///< vectors have unit length
    bool images = false;      ///< takes pictures
    bool texts = false;       ///< takes texts
};

/// Which side of a search a text is on: some models want another prefix for each.
enum class TextRole { kDocument, kQuery };

/// One input made ready by a worker thread: either token ids or resized 8-bit pixels.
struct Prepared {
    std::vector<std::int32_t> tokens;  ///< with the special tokens, cut to the token limit
    std::vector<std::uint8_t> pixels;  ///< height x width x 3, the size the model wants
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
    /// that sorts by token count wastes less.
    virtual void encode(std::span<const Prepared* const> batch, std::span<float> vectors) = 0;
};

}  // namespace pmatch
