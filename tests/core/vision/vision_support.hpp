/// Pictures made in code, for tests of what is seen in them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "core/common/image.hpp"
#include "core/common/random.hpp"

namespace pmatch::test {

inline Image plain_image(int width, int height, std::uint8_t gray) {
    Image image{width, height, {}};
    image.rgb.assign(std::size_t{3} * static_cast<std::size_t>(width * height), gray);
    return image;
}

inline std::uint8_t* pixel(Image& image, int x, int y) {
    return image.rgb.data() + 3 * (static_cast<std::ptrdiff_t>(y) * image.width + x);
}

/// A label full of structure: many rectangles of random place, size and colour; another for every
/// seed.
inline Image label(int width, int height, std::uint64_t seed) {
    SplitMix64 random(seed);
    const auto below = [&](int count) {
        return static_cast<int>(random.below(static_cast<std::uint32_t>(count)));
    };
    auto image = plain_image(width, height, 255);
    for (int n = 0; n < 150; ++n) {
        const int left = below(width);
        const int top = below(height);
        const int right = std::min(width, left + 4 + below(width / 6));
        const int bottom = std::min(height, top + 4 + below(height / 6));
        const std::uint8_t colour[3] = {static_cast<std::uint8_t>(below(256)),
                                        static_cast<std::uint8_t>(below(256)),
                                        static_cast<std::uint8_t>(below(256))};
        for (int y = top; y < bottom; ++y) {
            for (int x = left; x < right; ++x)
                std::copy_n(colour, 3, pixel(image, x, y));
        }
    }
    return image;
}

/// The picture on white, its left top corner at (x, y).
inline Image placed(const Image& image, int width, int height, int left, int top) {
    auto result = plain_image(width, height, 255);
    for (int y = 0; y < image.height; ++y) {
        const auto* row = image.rgb.data() + 3 * static_cast<std::ptrdiff_t>(y) * image.width;
        std::copy_n(row, 3 * image.width, pixel(result, left, top + y));
    }
    return result;
}

/// A quarter turn clockwise: what was at (x, y) is at (height - 1 - y, x).
inline Image turned(Image image) {
    auto result = plain_image(image.height, image.width, 0);
    for (int y = 0; y < image.height; ++y) {
        for (int x = 0; x < image.width; ++x)
            std::copy_n(pixel(image, x, y), 3, pixel(result, image.height - 1 - y, x));
    }
    return result;
}

/// Half as wide and high: means of 2 x 2 pixels.
inline Image halved(Image image) {
    auto result = plain_image(image.width / 2, image.height / 2, 0);
    for (int y = 0; y < result.height; ++y) {
        for (int x = 0; x < result.width; ++x) {
            for (int c = 0; c < 3; ++c) {
                const int sum = pixel(image, 2 * x, 2 * y)[c] + pixel(image, 2 * x + 1, 2 * y)[c] +
                                pixel(image, 2 * x, 2 * y + 1)[c] +
                                pixel(image, 2 * x + 1, 2 * y + 1)[c];
                pixel(result, x, y)[c] = static_cast<std::uint8_t>(sum / 4);
            }
        }
    }
    return result;
}

/// Left is right.
inline Image mirrored(Image image) {
    auto result = image;
    for (int y = 0; y < image.height; ++y) {
        for (int x = 0; x < image.width; ++x)
            std::copy_n(pixel(image, x, y), 3, pixel(result, image.width - 1 - x, y));
    }
    return result;
}

}  // namespace pmatch::test
