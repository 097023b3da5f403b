/// Converts decoded pictures to an image model's input.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/common/image.hpp"
#include "models/package/package.hpp"

namespace pmatch {

/// Throws Error unless the number of bytes matches the size, which must be at least one pixel and
/// not so narrow that resizing it would take much memory.
void check_pixels(const Image& image);

class Preprocessor {
public:
    explicit Preprocessor(const PreprocessSettings& settings);

    int height() const { return settings_.output_height(); }
    int width() const { return settings_.output_width(); }
    /// Number of bytes (or floats) per picture.
    std::size_t size() const;

    /// Resized and cropped: height() x width() x 3 bytes.
    std::vector<std::uint8_t> resize(const Image& image) const;

    /// (pixel * rescale - mean) / std, in the order of the pixels: height, width, channel (in the
    /// model's channel order).
    void normalise(std::span<const std::uint8_t> pixels, std::span<float> values) const;

private:
    std::vector<std::uint8_t> resize_colours(const Image& image) const;

    PreprocessSettings settings_;
    std::array<std::array<float, 256>, 3> values_{};  ///< per channel and pixel value
};

}  // namespace pmatch
