#include "core/vision/product_mask.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace pmatch {
namespace {

constexpr std::uint8_t kNear = 1;     ///< alike the background's colour
constexpr std::uint8_t kReached = 2;  ///< and connected with the border

bool in_border(int x, int y, const LabPicture& picture, int width) {
    return x < width || y < width || x >= picture.width - width || y >= picture.height - width;
}

std::vector<std::size_t> border_pixels(const LabPicture& picture, double share) {
    const int longer = std::max(picture.width, picture.height);
    const int width = std::max(1, static_cast<int>(std::lround(share * longer)));
    std::vector<std::size_t> pixels;
    for (int y = 0; y < picture.height; ++y) {
        for (int x = 0; x < picture.width; ++x) {
            if (in_border(x, y, picture, width))
                pixels.push_back(static_cast<std::size_t>(y) *
                                     static_cast<std::size_t>(picture.width) +
                                 static_cast<std::size_t>(x));
        }
    }
    return pixels;
}

/// Each channel's own median.
std::array<int, 3> median_colour(const LabPicture& picture,
                                 const std::vector<std::size_t>& pixels) {
    std::array<int, 3> colour{};
    std::vector<std::uint8_t> values(pixels.size());
    for (std::size_t channel = 0; channel < 3; ++channel) {
        for (std::size_t i = 0; i < pixels.size(); ++i)
            values[i] = picture.lab[3 * pixels[i] + channel];
        const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
        std::nth_element(values.begin(), middle, values.end());
        colour.at(channel) = *middle;
    }
    return colour;
}

/// kNear for pixels alike the colour, in whole numbers: L* has steps of 100 / 255.
std::vector<std::uint8_t> near_colour(const LabPicture& picture, const std::array<int, 3>& colour,
                                      double alike) {
    const auto limit = std::llround(255 * alike * 255 * alike);
    std::vector<std::uint8_t> marks(picture.lab.size() / 3);
    for (std::size_t i = 0; i < marks.size(); ++i) {
        const auto l = std::int64_t{100} * (picture.lab[3 * i] - colour[0]);
        const auto a = std::int64_t{255} * (picture.lab[3 * i + 1] - colour[1]);
        const auto b = std::int64_t{255} * (picture.lab[3 * i + 2] - colour[2]);
        marks[i] = l * l + a * a + b * b < limit ? kNear : 0;
    }
    return marks;
}

/// Marks what is near and connected (up, down, left, right) with `from`; returns how much.
std::size_t flood(std::vector<std::uint8_t>& marks, std::vector<std::size_t> from, int width) {
    const auto step = static_cast<std::size_t>(width);
    std::size_t count = 0;
    while (!from.empty()) {
        const auto at = from.back();
        from.pop_back();
        if (marks[at] != kNear) continue;
        marks[at] = kReached;
        ++count;
        if (at % step > 0) from.push_back(at - 1);
        if (at % step + 1 < step) from.push_back(at + 1);
        if (at >= step) from.push_back(at - step);
        if (at + step < marks.size()) from.push_back(at + step);
    }
    return count;
}

/// kReached for the background; empty if it is not plain.
std::optional<std::vector<std::uint8_t>> background_of(const LabPicture& picture,
                                                       const ProductMaskOptions& options) {
    const auto border = border_pixels(picture, options.border);
    auto marks = near_colour(picture, median_colour(picture, border), options.alike);
    const auto alike = std::count_if(border.begin(), border.end(),
                                     [&](std::size_t at) { return marks[at] == kNear; });
    if (static_cast<double>(alike) < options.plain * static_cast<double>(border.size()))
        return std::nullopt;
    const auto all = static_cast<double>(marks.size());
    const auto background = static_cast<double>(flood(marks, border, picture.width));
    const double product = 1 - background / all;
    if (product < options.least || product > options.most) return std::nullopt;
    return marks;
}

/// exp(-d^2 / 2 sigma^2), d the distance of each pixel's middle from the side's, relative to it.
std::vector<double> bell(int side, double sigma) {
    std::vector<double> values;
    for (int i = 0; i < side; ++i) {
        const double distance = (i + 0.5) / side - 0.5;
        values.push_back(std::exp(-distance * distance / (2 * sigma * sigma)));
    }
    return values;
}

std::vector<float> centred(const LabPicture& picture, double sigma) {
    const auto across = bell(picture.width, sigma);
    const auto down = bell(picture.height, sigma);
    std::vector<float> weights;
    weights.reserve(picture.lab.size() / 3);
    for (const double y : down) {
        for (const double x : across)
            weights.push_back(static_cast<float>(x * y));
    }
    return weights;
}

}  // namespace

std::vector<float> product_weights(const LabPicture& picture, const ProductMaskOptions& options) {
    const auto background = background_of(picture, options);
    if (!background) return centred(picture, options.centre);
    auto weights = centred(picture, options.spread);
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if ((*background)[i] == kReached) weights[i] = 0;
    }
    return weights;
}

bool has_plain_background(const LabPicture& picture, const ProductMaskOptions& options) {
    return background_of(picture, options).has_value();
}

}  // namespace pmatch
