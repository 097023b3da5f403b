/// What turns pictures into sentences.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/common/image.hpp"

namespace pmatch {

/// What captions must record about the captioner that made them.
struct CaptionerInfo {
    std::string name;         ///< the package's name
    std::string package;      ///< absolute path of the package directory
    std::string fingerprint;  ///< SHA-256: package, precision and all of CaptionSettings
    std::string precision;    ///< "fp32", ...
    std::string device;       ///< "cpu" or "cuda:N"
};

/// A picture made ready by a worker thread.
struct PreparedPicture {
    int width = 0;  ///< of the picture as it was
    int height = 0;
    std::vector<std::uint8_t> views;  ///< what the model looks at: views x side x side x 3
};

struct Caption {
    std::string text;                  ///< without blanks around it
    std::vector<std::int32_t> tokens;  ///< without the stop token
};

class Captioner {
public:
    virtual ~Captioner() = default;

    virtual const CaptionerInfo& info() const = 0;

    /// Safe to call from many threads, also while caption() runs.
    virtual PreparedPicture prepare(const Image& image) const = 0;

    /// Told after each step what there is so far: finished pictures, tokens written. Returns false
    /// to stop; caption() then returns what it has, unfinished captions empty.
    using Progress = std::function<bool(std::size_t pictures, std::size_t tokens)>;

    /// The captions in the order of the pictures. One call at a time.
    virtual std::vector<Caption> caption(std::span<const PreparedPicture* const> pictures,
                                         const Progress& progress = {}) = 0;
};

}  // namespace pmatch
