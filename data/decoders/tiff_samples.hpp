/// Internal to data/: grey and RGB TIFF pictures of 12 or 32 bits per sample, which libtiff cannot
/// convert to RGB.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

struct tiff;  // libtiff's TIFF

namespace pmatch::detail {

bool has_wide_samples(tiff* file);

/// Row-major R, G, B. 12 bits keep their upper 8, as 16 bits do; 32-bit integers and floats are cut
/// to 0 and 255, as in Pillow, but for pictures whose floats are all from 0 to 1: 1 is white. Empty
/// if libtiff failed to read; its error handler has the reason.
std::optional<std::vector<std::uint8_t>> read_wide_samples(tiff* file, std::uint32_t width,
                                                           std::uint32_t height);

}  // namespace pmatch::detail
