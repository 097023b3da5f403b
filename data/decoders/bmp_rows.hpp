/// Pixel encodings of BMP files. Rows are returned in the file's order, without padding; an empty
/// result means that the file is truncated.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace pmatch::detail {

struct BmpShape {
    std::size_t width = 0;
    std::size_t height = 0;
    unsigned bits = 0;  ///< per pixel
};

using Palette = std::array<std::array<std::uint8_t, 3>, 256>;
using BmpBytes = std::optional<std::vector<std::uint8_t>>;

/// One byte per pixel, from 1, 4 or 8 bits.
BmpBytes bmp_indices(std::span<const std::uint8_t> data, const BmpShape& shape);

/// One byte per pixel, from runs of 4 or 8 bits. Pixels that are skipped, or follow the end marker,
/// have index 0.
BmpBytes bmp_run_lengths(std::span<const std::uint8_t> data, const BmpShape& shape);

/// Maps each index to red, green and blue.
std::vector<std::uint8_t> bmp_colours(std::span<const std::uint8_t> indices,
                                      const Palette& palette);

/// Three bytes per pixel, from 24 bits.
BmpBytes bmp_triples(std::span<const std::uint8_t> data, const BmpShape& shape);

/// Red, green, blue and, if it has a mask, alpha, from 16 or 32 bits. An n-bit channel is value *
/// 255 / (2^n - 1), rounded down, as in Pillow; 0 without a mask.
BmpBytes bmp_masked(std::span<const std::uint8_t> data, const BmpShape& shape,
                    const std::array<std::uint32_t, 4>& masks);

}  // namespace pmatch::detail
