/// A decoded picture.
#pragma once

#include <cstdint>
#include <vector>

namespace pmatch {

/// 8-bit sRGB, three interleaved channels in the order R, G, B; row-major, top row first,
/// no padding: pixel (x, y) starts at rgb[3 * (y * width + x)].
struct Image {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> rgb;
};

}  // namespace pmatch
