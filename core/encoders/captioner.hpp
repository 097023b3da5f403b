/// Generates captions for pictures.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/common/image.hpp"
#include "core/common/problem.hpp"

namespace pmatch {

/// What stored captions record about their captioner.
struct CaptionerInfo {
    std::string name;         ///< the package's name
    std::string package;      ///< absolute path of the package directory
    std::string fingerprint;  ///< SHA-256: package, precision and all of CaptionSettings
    std::string precision;    ///< "fp32", ...
    std::string device;       ///< "cpu" or "cuda:N"
};

/// A picture prepared by a worker thread.
struct PreparedPicture {
    int width = 0;  ///< of the original picture
    int height = 0;
    std::vector<std::uint8_t> views;  ///< model input: views x side x side x 3
    std::string text = {};            ///< of a reader that works while pictures are prepared
};

struct Caption {
    std::string text;                  ///< leading and trailing blanks removed
    std::vector<std::int32_t> tokens;  ///< without the stop token
    Problem problem = {};              ///< code not empty: why there is no text
};

/// Codes of pictures in which there is nothing to read, as in most pictures: no failure.
inline constexpr const char* kNoCode = "no_code";
inline constexpr const char* kNoWords = "no_words";
inline bool is_nothing_to_read(const Problem& problem) {
    return problem.code == kNoCode || problem.code == kNoWords;
}

class Captioner {
public:
    virtual ~Captioner() = default;

    virtual const CaptionerInfo& info() const = 0;

    /// Safe to call from many threads, also while caption() runs.
    virtual PreparedPicture prepare(const Image& image) const = 0;

    /// Called after each step with the totals so far: finished pictures, generated tokens. Returns
    /// false to stop; caption() then returns what it has, unfinished captions empty.
    using Progress = std::function<bool(std::size_t pictures, std::size_t tokens)>;

    /// Captions in the order of the pictures. Not thread-safe: one call at a time.
    virtual std::vector<Caption> caption(std::span<const PreparedPicture* const> pictures,
                                         const Progress& progress = {}) = 0;
};

}  // namespace pmatch
