#include "core/vision/text_boxes.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/vision/cut_out.hpp"
#include "core/vision/resized_picture.hpp"
#include "tests/core/vision/drawn.hpp"

namespace {

using namespace pmatch;
using test::Colour;

TextBox upright(float left, float top, float right, float bottom) {
    return {Corner{left, top}, Corner{right, top}, Corner{right, bottom}, Corner{left, bottom}};
}

/// A map of 320 x 200 with a line of 120 x 20 in it, its corner at (100, 80).
TextMap map_of(float value) {
    TextMap map{320, 200, std::vector<float>(320 * 200)};
    for (std::size_t y = 80; y < 100; ++y) {
        const auto row = map.values.begin() + static_cast<std::ptrdiff_t>(y * 320 + 100);
        std::fill_n(row, 120, value);
    }
    return map;
}

/// Each pixel has a colour of its own.
Image numbered(int width, int height) {
    return test::drawn(width, height, [](int x, int y) {
        return Colour{static_cast<unsigned char>(4 * x), static_cast<unsigned char>(4 * y), 7};
    });
}

const std::uint8_t* at(const Image& image, int x, int y) {
    return image.rgb.data() + 3 * (static_cast<std::ptrdiff_t>(y) * image.width + x);
}

TEST_CASE("a line on the map is a box in the picture, grown by its area and circumference") {
    // What is text is spread by a pixel, to 120 x 20 between middles; 120 * 20 / 280 * 1.6 = 13.7.
    const auto same = text_boxes(map_of(1), 320, 200);
    REQUIRE(same.size() == 1);
    CHECK(same[0] == upright(86, 66, 234, 114));
    const auto larger = text_boxes(map_of(1), 640, 600);
    REQUIRE(larger.size() == 1);
    CHECK(larger[0] == upright(172, 198, 468, 342));
}

TEST_CASE("a box counts if the map's mean in it is large enough") {
    // The outline of 121 x 21 pixels holds 120 x 20: .9445 of them.
    CHECK(text_boxes(map_of(0.535F), 320, 200).size() == 1);
    CHECK(text_boxes(map_of(0.525F), 320, 200).empty());
    CHECK(text_boxes(map_of(0.25F), 320, 200, {.sure = 0.1}).empty());
    CHECK(text_boxes(map_of(0), 320, 200).empty());
}

TEST_CASE("specks are no lines, and there are no more boxes than wanted") {
    TextMap map{64, 64, std::vector<float>(std::size_t{64} * 64)};
    map.values[64 * 10 + 10] = 1;
    CHECK(text_boxes(map, 64, 64).empty());
    CHECK(text_boxes(map_of(1), 320, 200, {.most = 0}).empty());
}

TEST_CASE("corners are put in order, whichever comes first") {
    const auto box = upright(10, 20, 50, 40);
    const TextBox turned{box[2], box[0], box[3], box[1]};
    CHECK(in_corner_order(turned) == box);
    const TextBox slanted{Corner{30, 5}, Corner{40, 15}, Corner{12, 40}, Corner{2, 30}};
    CHECK(in_corner_order({slanted[1], slanted[3], slanted[0], slanted[2]}) ==
          TextBox{slanted[3], slanted[0], slanted[1], slanted[2]});
}

TEST_CASE("boxes of one line are read from left to right, lines from top to bottom") {
    std::vector<TextBox> boxes{upright(200, 14, 260, 30), upright(10, 60, 90, 80),
                               upright(110, 11, 190, 30), upright(10, 18, 90, 35)};
    put_in_reading_order(boxes);
    CHECK(boxes == std::vector{upright(10, 18, 90, 35), upright(110, 11, 190, 30),
                               upright(200, 14, 260, 30), upright(10, 60, 90, 80)});
}

TEST_CASE("a grown box has round corners at the right distance") {
    const auto outline = grown(upright(0, 0, 60, 30), 0.9);
    const double radius = 60 * 30 * 0.9 / 180;
    REQUIRE(outline.size() > 8);
    for (const auto& point : outline) {
        const double x = std::max({0.0, 0.0 - point.x, point.x - 60.0});
        const double y = std::max({0.0, 0.0 - point.y, point.y - 30.0});
        CHECK(std::abs(std::hypot(x, y) - radius) < 0.75);  // half a pixel aside, both ways
    }
    CHECK(grown({}, 1.6).empty());
    CHECK(grown(upright(5, 5, 5, 20), 1.6).empty());
}

TEST_CASE("an upright line is cut out as it is") {
    const auto image = numbered(60, 50);
    const auto line = cut_out(image, upright(10, 5, 30, 15));
    REQUIRE(line.width == 20);
    REQUIRE(line.height == 10);
    for (int y = 0; y < line.height; ++y) {
        for (int x = 0; x < line.width; ++x)
            CHECK(std::equal(at(line, x, y), at(line, x, y) + 3, at(image, 10 + x, 5 + y)));
    }
}

TEST_CASE("a line that runs down is turned to the left") {
    const auto image = numbered(60, 60);
    const auto line = cut_out(image, upright(10, 5, 16, 45));
    REQUIRE(line.width == 40);
    REQUIRE(line.height == 6);
    for (int y = 0; y < line.height; ++y) {
        for (int x = 0; x < line.width; ++x)
            CHECK(std::equal(at(line, x, y), at(line, x, y) + 3, at(image, 15 - y, 5 + x)));
    }
}

TEST_CASE("a picture is resized without antialiasing") {
    // Every second column is black: between the middles of four stand the middles of two.
    const auto striped = test::drawn(8, 2, [](int x, int) {
        return x % 2 == 0 ? Colour{0, 0, 0} : Colour{200, 200, 200};
    });
    const auto half = resized_picture(striped, 4, 1);
    CHECK(half.rgb == std::vector<std::uint8_t>(12, 100));
    const auto quarter = resized_picture(striped, 2, 1);
    CHECK(quarter.rgb == std::vector<std::uint8_t>(6, 100));
}

}  // namespace
