#include "data/decoders/tiff_samples.hpp"

#include <tiffio.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace pmatch::detail {
namespace {

using Buffer = std::vector<std::uint8_t>;

struct Layout {
    std::uint16_t bits = 0;     ///< per sample: 12 or 32
    std::uint16_t kind = 0;     ///< SAMPLEFORMAT_*
    std::uint16_t samples = 0;  ///< per pixel in a row of the file: 1 if planes are separate
    std::uint16_t planes = 1;
    bool white_is_zero = false;
};

std::uint16_t value_of(TIFF* file, std::uint32_t tag) {
    std::uint16_t value = 0;
    return TIFFGetFieldDefaulted(file, tag, &value) != 0 ? value : std::uint16_t{0};
}

Layout layout_of(TIFF* file) {
    Layout layout;
    layout.bits = value_of(file, TIFFTAG_BITSPERSAMPLE);
    layout.kind = value_of(file, TIFFTAG_SAMPLEFORMAT);
    layout.samples = value_of(file, TIFFTAG_SAMPLESPERPIXEL);
    if (value_of(file, TIFFTAG_PLANARCONFIG) == PLANARCONFIG_SEPARATE)
        std::swap(layout.samples, layout.planes);
    layout.white_is_zero = value_of(file, TIFFTAG_PHOTOMETRIC) == PHOTOMETRIC_MINISWHITE;
    return layout;
}

/// Sample `i` of a row. libtiff has put 32-bit samples into the machine's byte order; 12-bit ones
/// are packed, the upper bits first.
double sample(const std::uint8_t* row, std::size_t i, const Layout& layout) {
    if (layout.bits == 12) {
        const auto* bytes = row + i / 2 * 3;
        return i % 2 == 0 ? (bytes[0] << 4U | bytes[1] >> 4U)
                          : ((bytes[1] & 0x0FU) << 8U | bytes[2]);
    }
    std::uint32_t word = 0;
    std::memcpy(&word, row + 4 * i, sizeof word);
    if (layout.kind == SAMPLEFORMAT_IEEEFP) return std::bit_cast<float>(word);
    // Unsigned numbers are read as signed ones, as in Pillow: what is above them is black.
    return std::bit_cast<std::int32_t>(word);
}

/// All samples of the picture, in pixel order: `samples` x `planes` per pixel.
class Samples {
public:
    Samples(const Layout& layout, std::uint32_t width, std::uint32_t height)
        : layout_(layout), width_(width), channels_(std::size_t{layout.samples} * layout.planes) {
        values_.resize(channels_ * width * height);
    }

    /// `count` pixels of a row of one plane, from column `x` on.
    void store(const std::uint8_t* row, std::uint16_t plane, std::uint32_t x, std::uint32_t y,
               std::uint32_t count) {
        auto* out = values_.data() + channels_ * (std::size_t{y} * width_ + x) + plane;
        for (std::size_t pixel = 0; pixel < count; ++pixel, out += channels_) {
            for (std::size_t i = 0; i < layout_.samples; ++i)
                out[i] = static_cast<float>(sample(row, pixel * layout_.samples + i, layout_));
        }
    }

    std::size_t channels() const { return channels_; }
    const std::vector<float>& values() const { return values_; }

private:
    Layout layout_;
    std::uint32_t width_;
    std::size_t channels_;
    std::vector<float> values_;
};

std::size_t row_bytes(const Layout& layout, std::uint32_t width) {
    return (std::size_t{width} * layout.samples * layout.bits + 7) / 8;
}

bool read_rows(TIFF* file, const Layout& layout, std::uint32_t width, std::uint32_t height,
               Samples& samples) {
    Buffer row(static_cast<std::size_t>(std::max<tmsize_t>(TIFFScanlineSize(file), 0)));
    if (row.size() < row_bytes(layout, width)) return false;
    for (std::uint16_t plane = 0; plane < layout.planes; ++plane) {
        for (std::uint32_t y = 0; y < height; ++y) {
            if (TIFFReadScanline(file, row.data(), y, plane) != 1) return false;
            samples.store(row.data(), plane, 0, y, width);
        }
    }
    return true;
}

bool read_tiles(TIFF* file, const Layout& layout, std::uint32_t width, std::uint32_t height,
                Samples& samples) {
    std::uint32_t across = 0;
    std::uint32_t down = 0;
    if (TIFFGetField(file, TIFFTAG_TILEWIDTH, &across) == 0 ||
        TIFFGetField(file, TIFFTAG_TILELENGTH, &down) == 0 || across == 0 || down == 0) {
        return false;
    }
    Buffer tile(static_cast<std::size_t>(std::max<tmsize_t>(TIFFTileSize(file), 0)));
    const auto stride = row_bytes(layout, across);
    if (tile.size() < stride * down) return false;
    for (std::uint16_t plane = 0; plane < layout.planes; ++plane) {
        for (std::uint32_t y = 0; y < height; y += std::min(down, height - y)) {
            for (std::uint32_t x = 0; x < width; x += std::min(across, width - x)) {
                if (TIFFReadTile(file, tile.data(), x, y, 0, plane) < 0) return false;
                for (std::uint32_t row = 0; row < std::min(down, height - y); ++row)
                    samples.store(tile.data() + row * stride, plane, x, y + row,
                                  std::min(across, width - x));
            }
        }
    }
    return true;
}

/// The factor from samples to levels.
double scale_of(const Layout& layout, const std::vector<float>& values) {
    if (layout.bits == 12) return 1.0 / 16;
    const bool fractions =
        layout.kind == SAMPLEFORMAT_IEEEFP &&
        std::all_of(values.begin(), values.end(), [](float v) { return v >= 0 && v <= 1; });
    return fractions ? 255 : 1;
}

std::uint8_t level_of(float value, double scale, bool inverted) {
    const double level = std::isnan(value) ? 0 : std::clamp(value * scale, 0.0, 255.0);
    const auto whole = static_cast<std::uint8_t>(level);
    return inverted ? static_cast<std::uint8_t>(255U - whole) : whole;
}

}  // namespace

bool has_wide_samples(TIFF* file) {
    const auto layout = layout_of(file);
    const auto photometric = value_of(file, TIFFTAG_PHOTOMETRIC);
    const auto channels = layout.samples * layout.planes;
    const bool grey = photometric == PHOTOMETRIC_MINISBLACK || layout.white_is_zero;
    const bool known = (grey && channels == 1) || (photometric == PHOTOMETRIC_RGB && channels == 3);
    const bool integer = layout.kind == SAMPLEFORMAT_UINT || layout.kind == SAMPLEFORMAT_INT;
    return known && ((layout.bits == 12 && layout.kind == SAMPLEFORMAT_UINT) ||
                     (layout.bits == 32 && (integer || layout.kind == SAMPLEFORMAT_IEEEFP)));
}

std::optional<std::vector<std::uint8_t>> read_wide_samples(TIFF* file, std::uint32_t width,
                                                           std::uint32_t height) {
    const auto layout = layout_of(file);
    Samples samples(layout, width, height);
    const bool read = TIFFIsTiled(file) != 0 ? read_tiles(file, layout, width, height, samples)
                                             : read_rows(file, layout, width, height, samples);
    if (!read) return std::nullopt;
    const auto& values = samples.values();
    const double scale = scale_of(layout, values);
    const bool inverted = layout.white_is_zero && layout.kind != SAMPLEFORMAT_IEEEFP;
    std::vector<std::uint8_t> rgb;
    rgb.reserve(std::size_t{3} * width * height);
    for (std::size_t i = 0; i < values.size(); i += samples.channels()) {
        for (std::size_t channel = 0; channel < 3; ++channel)
            rgb.push_back(
                level_of(values[i + (samples.channels() == 3 ? channel : 0)], scale, inverted));
    }
    return rgb;
}

}  // namespace pmatch::detail
