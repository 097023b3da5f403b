#include "core/vision/product_mask.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "tests/core/vision/drawn.hpp"

namespace {

using namespace pmatch;
using test::Colour;

std::vector<float> weights_of(const Image& image) {
    return product_weights(small_lab(image, 128));
}

bool plain(const Image& image) {
    return has_plain_background(small_lab(image, 128));
}

float at(const std::vector<float>& weights, int width, int x, int y) {
    return weights[static_cast<std::size_t>(y * width + x)];
}

TEST_CASE("a product on a plain background is told from it, whatever the background's colour") {
    const Colour product{200, 30, 40};
    for (const Colour ground : {Colour{255, 255, 255}, Colour{0, 0, 0}, Colour{40, 90, 160}}) {
        const auto image = test::square_on(ground, product, 40, 10);  // x and y 10 to 29
        REQUIRE(plain(image));
        const auto weights = weights_of(image);
        for (int y = 0; y < 40; ++y) {
            for (int x = 0; x < 40; ++x) {
                const bool inside = x >= 10 && x < 30 && y >= 10 && y < 30;
                CHECK((at(weights, 40, x, y) > 0) == inside);
            }
        }
    }
}

TEST_CASE("what is alike the background inside the product belongs to the product") {
    const auto image = test::drawn(40, 40, [](int x, int y) {
        const bool frame = x >= 8 && x < 32 && y >= 8 && y < 32;
        const bool hole = x >= 16 && x < 24 && y >= 16 && y < 24;
        return frame && !hole ? Colour{20, 20, 20} : Colour{255, 255, 255};
    });
    const auto weights = weights_of(image);
    CHECK(at(weights, 40, 20, 20) > 0);
    CHECK(at(weights, 40, 10, 10) > 0);
    CHECK(at(weights, 40, 2, 2) == 0);
}

TEST_CASE("noise and a shadow below the limit do not make a background less plain") {
    const auto image = test::drawn(60, 60, [](int x, int y) {
        if (x >= 20 && x < 40 && y >= 20 && y < 40) return Colour{0, 120, 60};
        const auto light = static_cast<unsigned char>(245 + (x * 7 + y * 13) % 11);
        return Colour{light, light, light};
    });
    REQUIRE(plain(image));
    CHECK(at(weights_of(image), 60, 1, 1) == 0);
}

TEST_CASE("a picture that the product fills, or of one colour, has a bell around its centre") {
    const auto filled = test::drawn(50, 50, [](int x, int y) {
        return Colour{static_cast<unsigned char>(5 * x), static_cast<unsigned char>(5 * y), 128};
    });
    const auto blank = test::drawn(50, 50, [](int, int) { return Colour{255, 255, 255}; });
    for (const auto& image : {filled, blank}) {
        REQUIRE_FALSE(plain(image));
        const auto weights = weights_of(image);
        CHECK(at(weights, 50, 25, 25) > at(weights, 50, 35, 25));
        CHECK(at(weights, 50, 35, 25) > at(weights, 50, 49, 25));
        CHECK(at(weights, 50, 0, 0) > 0);
        // 8.5 and 0.5 pixels from the middle; sigma is 0.15 of 50 pixels.
        CHECK(at(weights, 50, 33, 25) / at(weights, 50, 25, 25) ==
              doctest::Approx(std::exp((0.25 - 72.25) / (2 * 56.25))).epsilon(1e-4));
    }
}

TEST_CASE("a product that is a speck, or leaves a speck of background, is not believed") {
    const auto speck = test::square_on({255, 255, 255}, {0, 0, 0}, 100, 45);  // 10 x 10: .01
    CHECK_FALSE(plain(speck));
    const auto large = test::square_on({255, 255, 255}, {0, 0, 0}, 100, 10);  // 80 x 80: .64
    CHECK(plain(large));
}

TEST_CASE("pictures of one pixel, one row and one column have weights") {
    for (const auto& [width, height] : {std::pair{1, 1}, {1, 9}, {9, 1}, {2, 2}, {20'000, 1}}) {
        const auto image = test::drawn(width, height, [](int x, int y) {
            return (x + y) % 2 == 0 ? Colour{255, 255, 255} : Colour{1, 2, 3};
        });
        double sum = 0;
        for (const float weight : weights_of(image))
            sum += weight;
        CHECK(sum > 0);
    }
}

}  // namespace
