#include "core/vision/blobs.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/vision/blur.hpp"

namespace pmatch {
namespace {

/// A bell of this sigma and height on gray.
Plane bell_at(int width, int height, double x, double y, double sigma, double peak = 150) {
    Plane plane(width, height);
    for (int row = 0; row < height; ++row) {
        for (int at = 0; at < width; ++at) {
            const double squared = (at - x) * (at - x) + (row - y) * (row - y);
            plane.row(row)[at] =
                static_cast<float>(60 + peak * std::exp(-squared / (2 * sigma * sigma)));
        }
    }
    return plane;
}

TEST_CASE("a blurred bell is a wider and lower bell") {
    // The sigmas' squares add up, and the volume stays: 3 and 4 give 5, the height becomes 9 / 25.
    const auto plane = blurred(bell_at(101, 77, 50, 38, 3), 4);
    CHECK(plane.row(38)[50] == doctest::Approx(60 + 150 * 9. / 25).epsilon(.005));
    CHECK(plane.row(38)[55] == doctest::Approx(60 + 150 * 9. / 25 * std::exp(-.5)).epsilon(.005));
    CHECK(plane.row(43)[50] == doctest::Approx(60 + 150 * 9. / 25 * std::exp(-.5)).epsilon(.005));
}

TEST_CASE("blurring leaves what is of one colour as it is, up to the border, in any size") {
    for (const int width : {1, 2, 7, 16, 17, 31, 40}) {
        for (const int height : {1, 3, 40}) {
            Plane plane(width, height);
            std::fill_n(plane.row(0), width * height, 80.F);
            const auto result = blurred(plane, 3);
            for (int i = 0; i < width * height; ++i)
                CHECK(result.row(0)[i] == doctest::Approx(80));
        }
    }
}

TEST_CASE("beyond the border the picture is mirrored at its outermost pixels") {
    // 0 1 2 3 … goes on as … 2 1 0 1 2: at the end the sum of |i| times the bell.
    Plane plane(40, 1);
    for (int x = 0; x < 40; ++x)
        plane.row(0)[x] = static_cast<float>(x);
    double sum = 0;
    double weights = 0;
    for (int i = -6; i <= 6; ++i) {
        const double weight = std::exp(-i * i / (2. * 2 * 2));
        sum += weight * std::abs(i);
        weights += weight;
    }
    const auto result = blurred(plane, 2);
    CHECK(result.row(0)[0] == doctest::Approx(sum / weights).epsilon(1e-5));
    CHECK(result.row(0)[20] == doctest::Approx(20));
}

TEST_CASE("a bell is found at its middle and of its size") {
    for (const double sigma : {2.5, 4.5, 7., 13.}) {
        CAPTURE(sigma);
        const auto octaves = scale_space(bell_at(240, 200, 101.3, 87.6, sigma), .5);
        const auto blobs = find_blobs(octaves);
        REQUIRE(!blobs.empty());
        const auto& best =
            *std::max_element(blobs.begin(), blobs.end(),
                              [](const Blob& a, const Blob& b) { return a.response < b.response; });
        const double pixel = std::exp2(static_cast<double>(best.octave));
        CHECK(best.x * pixel == doctest::Approx(101.3).epsilon(.01));
        CHECK(best.y * pixel == doctest::Approx(87.6).epsilon(.01));
        // At its middle a bell blurred by s is sigma² / (sigma² + s²) high. The difference between
        // s and k s is largest where k (sigma² + s²) = sigma² + k² s²: at s = sigma / sqrt(k).
        CHECK(best.scale * pixel * std::exp2(.5 / kScalesPerOctave) ==
              doctest::Approx(sigma).epsilon(.1));
    }
}

TEST_CASE("what is faint, or an edge, is no blob") {
    CHECK(find_blobs(scale_space(bell_at(200, 200, 100, 100, 5, 2), .5)).empty());
    CHECK(!find_blobs(scale_space(bell_at(200, 200, 100, 100, 5, 2), .5), {.contrast = .002})
               .empty());
    Plane edge(200, 200);
    for (int y = 0; y < 200; ++y) {
        for (int x = 0; x < 200; ++x)
            edge.row(y)[x] = x < 100 ? 20 : 220;
    }
    CHECK(find_blobs(scale_space(edge, .5), {.contrast = .01}).empty());
}

TEST_CASE("octaves end where a side is below 16 pixels") {
    const auto octaves = scale_space(bell_at(200, 70, 100, 35, 5), .5);
    REQUIRE(octaves.size() == 3);
    CHECK(octaves[2].blurred[0].width == 50);
    CHECK(octaves[2].blurred[0].height == 17);
    CHECK(scale_space(bell_at(200, 15, 100, 7, 3), .5).empty());
}

}  // namespace
}  // namespace pmatch
