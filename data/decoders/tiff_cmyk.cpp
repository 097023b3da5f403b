#include "data/decoders/tiff_cmyk.hpp"

#include <tiffio.h>

#include <algorithm>

#include "data/decoders/picture_decoders.hpp"

namespace pmatch::detail {
namespace {

constexpr std::uint16_t kInks = 4;

std::uint16_t value_of(TIFF* file, std::uint32_t tag) {
    std::uint16_t value = 0;
    return TIFFGetFieldDefaulted(file, tag, &value) != 0 ? value : std::uint16_t{0};
}

}  // namespace

bool is_deep_cmyk(TIFF* file) {
    return value_of(file, TIFFTAG_PHOTOMETRIC) == PHOTOMETRIC_SEPARATED &&
           value_of(file, TIFFTAG_INKSET) == INKSET_CMYK &&
           value_of(file, TIFFTAG_SAMPLESPERPIXEL) == kInks &&
           value_of(file, TIFFTAG_BITSPERSAMPLE) == 16 &&
           value_of(file, TIFFTAG_PLANARCONFIG) == PLANARCONFIG_CONTIG && TIFFIsTiled(file) == 0;
}

std::optional<std::vector<std::uint8_t>> read_deep_cmyk(TIFF* file, std::uint32_t width,
                                                        std::uint32_t height) {
    const std::size_t samples = std::size_t{width} * kInks;
    if (TIFFScanlineSize(file) != static_cast<tmsize_t>(samples * sizeof(std::uint16_t))) return {};
    std::vector<std::uint16_t> row(samples);
    std::vector<std::uint8_t> white(samples);  // inverted: 255 is no ink
    std::vector<std::uint8_t> rgb(std::size_t{3} * width * height);
    for (std::uint32_t y = 0; y < height; ++y) {
        if (TIFFReadScanline(file, row.data(), y, 0) != 1) return {};
        std::transform(row.begin(), row.end(), white.begin(),
                       [](auto ink) { return static_cast<std::uint8_t>(255U - (ink >> 8U)); });
        cmyk_to_rgb(white.data(), rgb.data() + std::size_t{3} * width * y, width);
    }
    return rgb;
}

}  // namespace pmatch::detail
