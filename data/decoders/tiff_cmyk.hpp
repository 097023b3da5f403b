/// Internal to data/: 16-bit CMYK TIFF pictures, as used in print.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

struct tiff;  // libtiff's TIFF

namespace pmatch::detail {

/// Whether rows are interleaved CMYK with 16 bits per sample, which libtiff cannot convert to RGB.
bool is_deep_cmyk(tiff* file);

/// Row-major R, G, B by Pillow's rule, which keeps the upper byte of a sample. Empty if libtiff
/// failed to read a row; its error handler has the reason.
std::optional<std::vector<std::uint8_t>> read_deep_cmyk(tiff* file, std::uint32_t width,
                                                        std::uint32_t height);

}  // namespace pmatch::detail
