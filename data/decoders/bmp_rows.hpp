/// The ways a BMP file keeps its pixels. Rows come out in the file's order, without padding; an
/// empty result means that the file ends before they do.
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
    unsigned bits = 0;  ///< of a pixel
};

using Palette = std::array<std::array<std::uint8_t, 3>, 256>;
using BmpBytes = std::optional<std::vector<std::uint8_t>>;

/// A byte a pixel, from 1, 4 or 8 bits.
BmpBytes bmp_indices(std::span<const std::uint8_t> data, const BmpShape& shape);

/// A byte a pixel, from runs of 4 or 8 bits. Pixels that are skipped, or behind the mark of the
/// end, have index 0.
BmpBytes bmp_run_lengths(std::span<const std::uint8_t> data, const BmpShape& shape);

/// Red, green and blue of each index.
std::vector<std::uint8_t> bmp_colours(std::span<const std::uint8_t> indices,
                                      const Palette& palette);

/// Three bytes a pixel, from 24 bits.
BmpBytes bmp_triples(std::span<const std::uint8_t> data, const BmpShape& shape);

/// Red, green, blue and, if it has a mask, alpha, from 16 or 32 bits. A colour of n bits is
/// value * 255 / (2^n - 1), rounded down, as Pillow has it; one without a mask is 0.
BmpBytes bmp_masked(std::span<const std::uint8_t> data, const BmpShape& shape,
                    const std::array<std::uint32_t, 4>& masks);

}  // namespace pmatch::detail
