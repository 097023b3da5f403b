/// A decoded picture.
#pragma once

#include <cstdint>
#include <vector>

namespace pmatch {

/// 8-bit, sRGB unless there is a profile, three interleaved channels in the order R, G, B;
/// row-major, top row first, no padding: pixel (x, y) starts at rgb[3 * (y * width + x)].
struct Image {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> rgb;
    std::vector<std::uint8_t> profile = {};  ///< ICC profile of its colours, if the file has one
};

}  // namespace pmatch
