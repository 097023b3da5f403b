#include "models/preprocess/preprocess.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/common/error.hpp"
#include "models/preprocess/colour_profile.hpp"
#include "models/preprocess/resample.hpp"

namespace pmatch {
namespace {

// Narrow pictures whose long side would exceed this after resizing are rejected.
constexpr double kMaxResizedSide = 1 << 24;
// And those whose long side exceeds this before: the weights of a resized row grow with it.
constexpr int kMaxSide = 1 << 20;

[[noreturn]] void throw_too_narrow(const Image& image) {
    throw Error{
        fmt::format("a picture of {} x {} is too narrow to be resized", image.width, image.height),
        {},
        "leave it out, or crop it"};
}

}  // namespace

Preprocessor::Preprocessor(const PreprocessSettings& settings) : settings_(settings) {
    for (std::size_t channel = 0; channel < 3; ++channel) {
        for (std::size_t pixel = 0; pixel < 256; ++pixel) {
            const double scaled = static_cast<double>(pixel) * settings.rescale;
            values_[channel][pixel] =
                static_cast<float>((scaled - settings.mean[channel]) / settings.std[channel]);
        }
    }
}

std::size_t Preprocessor::size() const {
    return static_cast<std::size_t>(height()) * static_cast<std::size_t>(width()) * 3;
}

void check_pixels(const Image& image) {
    const auto pixels = static_cast<std::size_t>(std::max(image.width, 0)) *
                        static_cast<std::size_t>(std::max(image.height, 0));
    if (std::max(image.width, image.height) > kMaxSide) throw_too_narrow(image);
    if (pixels > 0 && image.rgb.size() == pixels * 3) return;
    throw Error{fmt::format("a picture of {} x {} has {} bytes", image.width, image.height,
                            image.rgb.size()),
                {},
                "decode it to three 8-bit channels"};
}

std::vector<std::uint8_t> Preprocessor::resize(const Image& image) const {
    if (settings_.srgb) {
        if (const auto converted = converted_to_srgb(image)) return resize_colours(*converted);
    }
    return resize_colours(image);
}

std::vector<std::uint8_t> Preprocessor::resize_colours(const Image& image) const {
    check_pixels(image);
    int to_height = settings_.resize_height;
    int to_width = settings_.resize_width;
    if (settings_.mode == PreprocessSettings::Mode::kShortest) {
        const int shorter = std::min(image.width, image.height);
        const double longer =
            static_cast<double>(settings_.shortest) * std::max(image.width, image.height) / shorter;
        if (longer > kMaxResizedSide) throw_too_narrow(image);
        to_height = image.height == shorter ? settings_.shortest : static_cast<int>(longer);
        to_width = image.width == shorter ? settings_.shortest : static_cast<int>(longer);
    }
    const Window window{(to_width - width()) / 2, (to_height - height()) / 2, width(), height()};
    return resample(image, to_width, to_height, settings_.filter, window);
}

void Preprocessor::normalise(std::span<const std::uint8_t> pixels, std::span<float> values) const {
    const std::size_t first = settings_.bgr ? 2 : 0;
    for (std::size_t i = 0; i + 2 < pixels.size(); i += 3) {
        values[i] = values_[0][pixels[i + first]];
        values[i + 1] = values_[1][pixels[i + 1]];
        values[i + 2] = values_[2][pixels[i + 2 - first]];
    }
}

}  // namespace pmatch
