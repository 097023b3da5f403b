/// A small copy of a picture in CIE L*a*b*, in which distances are about those that people see.
#pragma once

#include <cstdint>
#include <vector>

#include "core/common/image.hpp"

namespace pmatch {

/// L*, a*, b* of each pixel in 8 bits: L* * 255 / 100, a* + 128, b* + 128 (D65, from sRGB; the
/// picture's profile is not applied). Row-major; pixel (x, y) starts at lab[3 * (y * width + x)].
struct LabPicture {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> lab;
};

/// Averages pixels until no side is longer than `longest`; a smaller picture keeps its size, a side
/// is never less than 1. The conversion is in whole numbers, so equal on every machine. Throws
/// Error for a picture without pixels.
LabPicture small_lab(const Image& image, int longest);

}  // namespace pmatch
