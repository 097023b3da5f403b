#include "core/vision/colour_histogram.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <numeric>
#include <utility>
#include <vector>

#include "core/common/error.hpp"
#include "core/vision/lab_picture.hpp"
#include "tests/core/vision/drawn.hpp"

namespace {

using namespace pmatch;
using test::Colour;

double product_of(const std::vector<float>& a, const std::vector<float>& b) {
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

Image one_colour(Colour colour) {
    return test::drawn(8, 8, [=](int, int) { return colour; });
}

TEST_CASE("colours in L*a*b* are those of the textbook") {
    // sRGB under D65, after Lindbloom's CIE colour calculator; 8 bits: L* 2.55, a* and b* + 128.
    struct Known {
        Colour rgb;
        double l, a, b;
    };
    for (const auto& [rgb, l, a, b] :
         {Known{{255, 0, 0}, 53.24, 80.09, 67.20}, Known{{0, 255, 0}, 87.73, -86.18, 83.18},
          Known{{0, 0, 255}, 32.30, 79.19, -107.86}, Known{{255, 255, 255}, 100, 0, 0},
          Known{{0, 0, 0}, 0, 0, 0}, Known{{128, 128, 128}, 53.59, 0, 0}}) {
        const auto lab = small_lab(one_colour(rgb), 128).lab;
        CHECK(std::abs(lab[0] - l * 2.55) <= 1);
        CHECK(std::abs(lab[1] - (a + 128)) <= 1);
        CHECK(std::abs(lab[2] - (b + 128)) <= 1);
    }
}

TEST_CASE("a pixel is shared between the bins around it") {
    // White: L* 100 is beyond the middle of the last of 4 bins; a* = b* = 0 lies at 5 of 10 bins,
    // between the middles 4.5 and 5.5: a quarter to each of 4 bins, root 1/2.
    const auto white = colour_histogram(one_colour({255, 255, 255}));
    REQUIRE(white.size() == 400);
    for (const std::size_t bin : {344U, 345U, 354U, 355U})
        CHECK(white[bin] == doctest::Approx(0.5).epsilon(0.02));
    CHECK(product_of(white, white) == doctest::Approx(1).epsilon(1e-6));
}

TEST_CASE("the background does not count, where it is plain") {
    const Colour product{200, 30, 40};
    const auto on_white = colour_histogram(test::square_on({255, 255, 255}, product, 60, 15));
    const auto on_black = colour_histogram(test::square_on({0, 0, 0}, product, 60, 15));
    const auto alone = colour_histogram(one_colour(product));
    CHECK(product_of(on_white, on_black) == doctest::Approx(1).epsilon(1e-6));
    CHECK(product_of(on_white, alone) == doctest::Approx(1).epsilon(1e-6));
    const auto other = colour_histogram(test::square_on({255, 255, 255}, {30, 40, 200}, 60, 15));
    CHECK(product_of(on_white, other) < 0.1);
}

TEST_CASE("size, mirror and turn change next to nothing") {
    const auto paint = [](int x, int y) {  // of 1 x 1, in quarters
        return x < 1 ? Colour{250, 220, 40} : (y < 1 ? Colour{40, 60, 170} : Colour{120, 20, 30});
    };
    const auto at_size = [&](int side, bool mirror, bool turn) {
        return colour_histogram(test::drawn(side, side, [&](int x, int y) {
            const int column = 4 * (mirror ? side - 1 - x : x) / side;
            const int row = 4 * y / side;
            if (column == 0 || column == 3 || row == 0 || row == 3) return Colour{255, 255, 255};
            return turn ? paint(row - 1, column - 1) : paint(column - 1, row - 1);
        }));
    };
    const auto whole = at_size(128, false, false);
    CHECK(product_of(whole, at_size(128, true, false)) > 0.9999);
    CHECK(product_of(whole, at_size(128, false, true)) > 0.9999);
    CHECK(product_of(whole, at_size(1000, false, false)) > 0.99);
    CHECK(product_of(whole, at_size(64, false, false)) > 0.99);
}

TEST_CASE("small pictures have vectors of unit length, a picture without pixels none") {
    for (const auto& [width, height] : {std::pair{1, 1}, {1, 300}, {3000, 1}, {2, 3}}) {
        const auto vector = colour_histogram(test::drawn(width, height, [](int x, int y) {
            return Colour{static_cast<unsigned char>(x), static_cast<unsigned char>(y), 7};
        }));
        CHECK(product_of(vector, vector) == doctest::Approx(1).epsilon(1e-6));
    }
    CHECK_THROWS_AS(colour_histogram(Image{}), Error);
}

}  // namespace
