#include "core/vision/cut_out.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace pmatch {
namespace {

constexpr float kRunsDown = 1.5F;
constexpr int kTaps = 4;

/// Places in the picture of the unit square's: Heckbert, Fundamentals of Texture Mapping and Image
/// Warping, 1989, section 2.2.3.
struct Perspective {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    double e = 0;
    double f = 0;
    double g = 0;
    double h = 0;

    explicit Perspective(const TextBox& box) {
        const auto x = [&](std::size_t i) { return double{box.at(i).x}; };
        const auto y = [&](std::size_t i) { return double{box.at(i).y}; };
        const double sum_x = x(0) - x(1) + x(2) - x(3);
        const double sum_y = y(0) - y(1) + y(2) - y(3);
        const double x1 = x(1) - x(2);
        const double y1 = y(1) - y(2);
        const double x2 = x(3) - x(2);
        const double y2 = y(3) - y(2);
        const double area = x1 * y2 - x2 * y1;
        if (area != 0) {
            g = (sum_x * y2 - x2 * sum_y) / area;
            h = (x1 * sum_y - sum_x * y1) / area;
        }
        a = x(1) - x(0) + g * x(1);
        b = x(3) - x(0) + h * x(3);
        c = x(0);
        d = y(1) - y(0) + g * y(1);
        e = y(3) - y(0) + h * y(3);
        f = y(0);
    }
};

/// Of the pixels -1, 0, 1 and 2 for a place `from` 0 to 1.
std::array<double, kTaps> cubic(double from) {
    constexpr double kA = -0.75;
    const auto far = [](double x) { return ((kA * x - 5 * kA) * x + 8 * kA) * x - 4 * kA; };
    const auto near = [](double x) { return ((kA + 2) * x - (kA + 3)) * x * x + 1; };
    return {far(from + 1), near(from), near(1 - from), far(2 - from)};
}

/// The picture at (x, y), in which the border goes on for ever.
void sample(const Image& image, double x, double y, std::uint8_t* pixel) {
    const double left = std::floor(x);
    const double top = std::floor(y);
    const auto across = cubic(x - left);
    const auto down = cubic(y - top);
    std::array<double, 3> sums{};
    for (int j = 0; j < kTaps; ++j) {
        const int row = std::clamp(static_cast<int>(top) - 1 + j, 0, image.height - 1);
        const auto* pixels = image.rgb.data() + std::ptrdiff_t{3} * row * image.width;
        for (int i = 0; i < kTaps; ++i) {
            const int column = std::clamp(static_cast<int>(left) - 1 + i, 0, image.width - 1);
            const double weight =
                down.at(static_cast<std::size_t>(j)) * across.at(static_cast<std::size_t>(i));
            for (std::size_t channel = 0; channel < sums.size(); ++channel)
                sums.at(channel) +=
                    weight *
                    pixels[std::ptrdiff_t{3} * column + static_cast<std::ptrdiff_t>(channel)];
        }
    }
    for (const double sum : sums)
        *pixel++ = static_cast<std::uint8_t>(std::clamp(std::nearbyint(sum), 0.0, 255.0));
}

Image turned_left(const Image& image) {
    Image result{image.height, image.width, {}};
    result.rgb.reserve(image.rgb.size());
    for (int column = image.width - 1; column >= 0; --column) {
        for (int row = 0; row < image.height; ++row) {
            const auto* from =
                image.rgb.data() + std::ptrdiff_t{3} * (std::ptrdiff_t{row} * image.width + column);
            result.rgb.insert(result.rgb.end(), from, from + 3);
        }
    }
    return result;
}

}  // namespace

Image cut_out(const Image& image, const TextBox& box) {
    const auto side = [](float a, float b) {
        return std::max(1, static_cast<int>(std::max(a, b)));
    };
    Image line{side(distance(box[0], box[1]), distance(box[2], box[3])),
               side(distance(box[0], box[3]), distance(box[1], box[2])),
               {}};
    line.rgb.resize(static_cast<std::size_t>(line.width) * static_cast<std::size_t>(line.height) *
                    3);
    const Perspective at(box);
    auto* pixel = line.rgb.data();
    for (int row = 0; row < line.height; ++row) {
        for (int column = 0; column < line.width; ++column, pixel += 3) {
            const double u = static_cast<double>(column) / line.width;
            const double v = static_cast<double>(row) / line.height;
            const double depth = at.g * u + at.h * v + 1;
            sample(image, (at.a * u + at.b * v + at.c) / depth,
                   (at.d * u + at.e * v + at.f) / depth, pixel);
        }
    }
    return static_cast<float>(line.height) >= kRunsDown * static_cast<float>(line.width)
               ? turned_left(line)
               : line;
}

}  // namespace pmatch
