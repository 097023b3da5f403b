#include "data/decoders/jpeg2000_samples.hpp"

#include <fmt/format.h>
#include <openjpeg.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace pmatch::detail {
namespace {

constexpr unsigned kMostComponents = 4;

/// One component's samples as bytes at the pixels of the picture: components may have fewer rows
/// and columns than it.
class Component {
public:
    explicit Component(const opj_image_comp_t& component)
        : component_(component),
          offset_(component.sgnd != 0 ? std::int64_t{1} << (component.prec - 1) : 0) {}

    bool is_valid() const {
        return component_.data != nullptr && component_.w > 0 && component_.h > 0 &&
               component_.dx > 0 && component_.dy > 0 && component_.prec >= 1 &&
               component_.prec <= 31;
    }

    std::uint8_t at(std::uint32_t x, std::uint32_t y) const {
        const auto column = std::min(x / component_.dx, component_.w - 1);
        const auto row = std::min(y / component_.dy, component_.h - 1);
        const auto value = offset_ + component_.data[std::size_t{row} * component_.w + column];
        const auto bits = static_cast<int>(component_.prec);
        const auto level = bits > 8 ? value >> (bits - 8) : value << (8 - bits);
        return static_cast<std::uint8_t>(std::clamp<std::int64_t>(level, 0, 255));
    }

private:
    const opj_image_comp_t& component_;
    std::int64_t offset_;
};

/// JPEG's YCbCr, with all 256 levels.
void to_rgb(std::uint8_t* pixel) {
    const double y = pixel[0];
    const double cb = pixel[1] - 128.0;
    const double cr = pixel[2] - 128.0;
    const std::array<double, 3> rgb{y + 1.402 * cr, y - 0.344136 * cb - 0.714136 * cr,
                                    y + 1.772 * cb};
    for (std::size_t i = 0; i < rgb.size(); ++i)
        pixel[i] = static_cast<std::uint8_t>(std::clamp(std::lround(rgb.at(i)), 0L, 255L));
}

bool is_ycc(const opj_image_t& image) {
    if (image.numcomps < 3) return false;
    if (image.color_space == OPJ_CLRSPC_SYCC) return true;
    // As Pillow guesses: colours are not subsampled, so what is has a luma.
    return image.color_space == OPJ_CLRSPC_UNSPECIFIED &&
           (image.comps[1].dx > image.comps[0].dx || image.comps[1].dy > image.comps[0].dy);
}

void inks_to_rgb(Pixels& pixels) {
    for (auto& ink : pixels.values)
        ink = static_cast<std::uint8_t>(255U - ink);
    std::vector<std::uint8_t> rgb(pixels.values.size() / 4 * 3);
    cmyk_to_rgb(pixels.values.data(), rgb.data(), rgb.size() / 3);
    pixels.values = std::move(rgb);
    pixels.channels = 3;
}

}  // namespace

Decoded jpeg2000_pixels(const opj_image& image) {
    const auto count = image.numcomps;
    if (count < 1 || count > kMostComponents) {
        return Problem{"unsupported_format", fmt::format("JPEG 2000 of {} components", count)};
    }
    std::vector<Component> components;
    for (unsigned i = 0; i < count; ++i) {
        components.emplace_back(image.comps[i]);
        if (!components.back().is_valid())
            return Problem{"corrupt", "JPEG 2000: a component has no samples"};
    }
    const bool grey = count < 3;
    const bool ycc = is_ycc(image);
    Pixels pixels{static_cast<int>(image.x1 - image.x0),
                  static_cast<int>(image.y1 - image.y0),
                  count % 2 == 0 ? 4 : 3,
                  {},
                  1};
    const auto width = static_cast<std::uint32_t>(pixels.width);
    const auto height = static_cast<std::uint32_t>(pixels.height);
    pixels.values.resize(std::size_t{width} * height * static_cast<unsigned>(pixels.channels));
    auto* out = pixels.values.data();
    for (std::uint32_t y = 0; y < height; ++y) {
        for (std::uint32_t x = 0; x < width; ++x, out += pixels.channels) {
            for (std::size_t channel = 0; channel < 3; ++channel)
                out[channel] = components[grey ? 0 : channel].at(x, y);
            if (pixels.channels == 4) out[3] = components.back().at(x, y);
            if (ycc) to_rgb(out);
        }
    }
    if (image.color_space == OPJ_CLRSPC_CMYK && count == 4) inks_to_rgb(pixels);
    return pixels;
}

}  // namespace pmatch::detail
