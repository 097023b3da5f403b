/// Internal to data/: TIFF pictures of four inks with 16 bits each, as print shops deliver them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

struct tiff;  // libtiff's TIFF

namespace pmatch::detail {

/// Rows of interleaved CMYK with 16 bits a sample. libtiff's own way to RGB knows 8 bits only.
bool is_deep_cmyk(tiff* file);

/// Row-major R, G, B by Pillow's rule, which keeps the upper byte of a sample. None when libtiff
/// could not read a row; its error handler has been told why.
std::optional<std::vector<std::uint8_t>> read_deep_cmyk(tiff* file, std::uint32_t width,
                                                        std::uint32_t height);

}  // namespace pmatch::detail
