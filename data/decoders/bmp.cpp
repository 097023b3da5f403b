#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>

#include "data/decoders/bmp_rows.hpp"
#include "data/decoders/picture_decoders.hpp"

namespace pmatch::detail {

namespace {

constexpr std::size_t kFileHeader = 14;

enum Compression : std::uint32_t { kRaw = 0, kRle8 = 1, kRle4 = 2, kMasks = 3, kAlphaMasks = 6 };

std::uint32_t little_endian(Bytes bytes, std::size_t at, std::size_t size) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i)
        value |= static_cast<std::uint32_t>(bytes[at + i]) << (8 * i);
    return value;
}

struct Header {
    std::uint64_t width = 0;
    std::uint64_t height = 0;
    bool top_down = false;
    unsigned bits = 0;  ///< per pixel
    std::uint32_t compression = kRaw;
    std::array<std::uint32_t, 4> masks{};  ///< red, green, blue, alpha
    std::size_t palette_at = 0;
    std::size_t palette_entry = 4;  ///< bytes: blue, green, red and, if 4, a padding byte
    std::size_t palette_size = 0;   ///< number of entries
    std::size_t pixels_at = 0;
};

/// Default masks for 16 and 32 bits, if the header has none.
std::array<std::uint32_t, 4> usual_masks(unsigned bits) {
    if (bits == 16) return {0x7C00, 0x03E0, 0x001F, 0};
    return {0xFF0000, 0x00FF00, 0x0000FF, 0};
}

bool is_run(std::uint32_t mask) {
    return mask == 0 || std::has_single_bit((mask >> std::countr_zero(mask)) + std::uint64_t{1});
}

std::optional<Problem> check(const Header& header, std::uint64_t max_pixels) {
    if (auto problem = check_size(header.width, header.height, max_pixels)) return problem;
    const auto bits = header.bits;
    const auto compression = header.compression;
    const bool masks = compression == kMasks || compression == kAlphaMasks;
    const bool known = (compression == kRaw && (bits == 1 || bits == 4 || bits == 8 || bits == 16 ||
                                                bits == 24 || bits == 32)) ||
                       (compression == kRle8 && bits == 8) || (compression == kRle4 && bits == 4) ||
                       (masks && (bits == 16 || bits == 32));
    if (!known) {
        return Problem{"unsupported_format",
                       fmt::format("BMP with {} bits a pixel, compression {}", bits, compression)};
    }
    if (!std::all_of(header.masks.begin(), header.masks.end(), is_run)) {
        return Problem{"corrupt", "BMP: a colour's mask is not one run of bits"};
    }
    return std::nullopt;
}

/// The oldest OS/2 headers have 16-bit sizes.
void read_old_sizes(Bytes bytes, Header& header) {
    header.width = little_endian(bytes, 18, 2);
    header.height = little_endian(bytes, 20, 2);
    header.bits = little_endian(bytes, 24, 2);
    header.palette_entry = 3;
}

/// Empty if the file ends inside the header.
std::optional<Header> read_header(Bytes bytes) {
    constexpr std::size_t kOldHeader = 12;
    constexpr std::size_t kHeader = 40;
    if (bytes.size() < kFileHeader + kOldHeader) return std::nullopt;
    Header header;
    header.pixels_at = little_endian(bytes, 10, 4);
    const std::size_t size = little_endian(bytes, kFileHeader, 4);
    if (size > bytes.size() - kFileHeader) return std::nullopt;
    header.palette_at = kFileHeader + size;
    std::size_t colours = 0;
    if (size < kHeader) {
        read_old_sizes(bytes, header);
    } else {
        header.width = little_endian(bytes, 18, 4);
        const auto height = static_cast<std::int32_t>(little_endian(bytes, 22, 4));
        header.top_down = height < 0;
        header.height = static_cast<std::uint64_t>(std::abs(std::int64_t{height}));
        header.bits = little_endian(bytes, 28, 2);
        header.compression = little_endian(bytes, 30, 4);
        colours = little_endian(bytes, 46, 4);
    }
    header.masks = usual_masks(header.bits);
    if (header.compression == kMasks || header.compression == kAlphaMasks) {
        // Behind a header of 40 bytes, inside of longer ones at the same place.
        const std::size_t count = header.compression == kAlphaMasks || size >= 56 ? 4 : 3;
        const std::size_t end = kFileHeader + kHeader + 4 * count;
        if (bytes.size() < end) return std::nullopt;
        for (std::size_t i = 0; i < count; ++i)
            header.masks.at(i) = little_endian(bytes, kFileHeader + kHeader + 4 * i, 4);
        if (header.bits == 16) header.masks[3] = 0;  // ignored, as in Pillow: often 0 everywhere
        header.palette_at = std::max(header.palette_at, end);
    }
    if (header.bits <= 8) {
        const std::size_t most = std::size_t{1} << header.bits;
        header.palette_size = colours == 0 || colours > most ? most : colours;
    }
    return header;
}

/// Red, green, blue per index. Missing entries are a grey ramp, as in Pillow.
Palette read_palette(Bytes bytes, const Header& header) {
    Palette palette{};
    for (std::size_t i = 0; i < palette.size(); ++i)
        palette.at(i).fill(static_cast<std::uint8_t>(i));
    for (std::size_t i = 0; i < header.palette_size; ++i) {
        const std::size_t at = header.palette_at + i * header.palette_entry;
        if (at + 3 > bytes.size() || at + 3 > header.pixels_at) break;
        palette.at(i) = {bytes[at + 2], bytes[at + 1], bytes[at]};
    }
    return palette;
}

}  // namespace

Decoded decode_bmp(Bytes bytes, std::uint64_t max_pixels) {
    const auto header = read_header(bytes);
    if (!header) return Problem{"truncated", "BMP: the header is cut off"};
    if (header->width > 0x7FFFFFFF) return Problem{"corrupt", "BMP: the width is negative"};
    if (auto problem = check(*header, max_pixels)) return *problem;
    const BmpShape shape{static_cast<std::size_t>(header->width),
                         static_cast<std::size_t>(header->height), header->bits};
    const auto data = bytes.subspan(std::min(header->pixels_at, bytes.size()));
    std::optional<std::vector<std::uint8_t>> values;
    const bool alpha = header->bits > 8 && header->masks[3] != 0;
    if (header->bits <= 8) {
        const bool packed = header->compression == kRaw;
        const auto indices = packed ? bmp_indices(data, shape) : bmp_run_lengths(data, shape);
        if (indices) values = bmp_colours(*indices, read_palette(bytes, *header));
    } else if (header->bits == 24) {
        values = bmp_triples(data, shape);
    } else {
        values = bmp_masked(data, shape, header->masks);
    }
    if (!values) return Problem{"truncated", "BMP: the file ends before the pixels do"};
    Pixels pixels{static_cast<int>(header->width), static_cast<int>(header->height), alpha ? 4 : 3,
                  std::move(*values), 1};
    if (!header->top_down) {
        const auto row = static_cast<std::ptrdiff_t>(pixels.values.size() / shape.height);
        auto top = pixels.values.begin();
        auto bottom = pixels.values.end() - row;
        for (; top < bottom; top += row, bottom -= row)
            std::swap_ranges(top, top + row, bottom);
    }
    return pixels;
}

}  // namespace pmatch::detail
