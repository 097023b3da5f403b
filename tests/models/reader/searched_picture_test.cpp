#include "models/reader/searched_picture.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

namespace {

using namespace pmatch;

constexpr SearchSettings kSearch{30, 2000, 8};
constexpr RecogniserSettings kLines{48, 320, 2, 0.5};

Image gray(int width, int height) {
    Image image{width, height, {}};
    image.rgb.assign(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3, 90);
    return image;
}

std::pair<int, int> searched_size(int width, int height) {
    const auto searched = searched_picture(gray(width, height), kSearch);
    return {searched.image.width, searched.image.height};
}

PictureSize seen(int width, int height) {
    DetectorSettings settings;
    settings.side = 736;
    settings.multiple = 32;
    return detector_size({width, height}, settings);
}

TEST_CASE("pictures are searched as they are, large ones shrunk and small ones enlarged") {
    CHECK(searched_size(348, 464) == std::pair(348, 464));
    CHECK(searched_size(2000, 1000) == std::pair(2000, 1000));
    // 2000 and 1000 are 62.5 and 31.25 times 32; halves go to the even number.
    CHECK(searched_size(4000, 2000) == std::pair(1984, 992));
    CHECK(searched_size(60, 25) == std::pair(64, 32));  // 72 and 30 pixels
}

TEST_CASE("black is added above and below a wide picture") {
    const auto searched = searched_picture(gray(800, 60), kSearch);
    // To twice an eighth of its width: 200 rows.
    CHECK(searched.image.height == 200);
    CHECK(searched.top == 70);
    const auto row = [&](int y) { return searched.image.rgb[static_cast<std::size_t>(y) * 2400]; };
    CHECK(row(69) == 0);
    CHECK(row(70) == 90);
    CHECK(row(129) == 90);
    CHECK(row(130) == 0);
    const auto box =
        searched.original({Corner{10, 80}, Corner{900, 80}, Corner{900, 250}, Corner{10, 60}});
    CHECK(box == TextBox{Corner{10, 10}, Corner{800, 10}, Corner{800, 60}, Corner{10, 0}});
}

TEST_CASE("boxes are told in pixels of the original") {
    const auto searched = searched_picture(gray(3968, 1984), kSearch);
    REQUIRE(searched.image.width == 1984);
    REQUIRE(searched.image.height == 992);
    const auto box =
        searched.original({Corner{10, 20}, Corner{30, 20}, Corner{30, 40}, Corner{10, 40}});
    CHECK(box == TextBox{Corner{20, 40}, Corner{60, 40}, Corner{60, 80}, Corner{20, 80}});
}

TEST_CASE("the detector sees multiples of 32, at least 736 pixels of the shorter side") {
    CHECK(seen(368, 736) == PictureSize{736, 1472});
    CHECK(seen(1840, 736) == PictureSize{1856, 736});  // 57.5 times 32
    CHECK(seen(1808, 736) == PictureSize{1792, 736});  // 56.5 times
    CHECK(seen(1000, 1000) == PictureSize{992, 992});
}

TEST_CASE("strips have no words, and no strip is enlarged without bounds") {
    CHECK(searched_picture(gray(1, 200), kSearch).image.rgb.empty());
    CHECK(searched_picture(gray(300, 2), kSearch).image.rgb.empty());
    for (const auto& [width, height] :
         {std::pair(1, 1), std::pair(1, 100), std::pair(100, 1), std::pair(20, 2000),
          std::pair(2000, 20), std::pair(9000, 90), std::pair(90, 9000)}) {
        CAPTURE(width);
        CAPTURE(height);
        const auto size = searched_size(width, height);
        REQUIRE(size.first > 0);
        REQUIRE(size.second > 0);
        const auto map = seen(size.first, size.second);
        CHECK(map.width * map.height < 7'000'000);
        CHECK(map.width % 32 == 0);
        CHECK(map.height % 32 == 0);
    }
}

TEST_CASE("lines of like width are recognised together, filled up to the widest") {
    // Ten, two and twenty times as wide as high.
    const auto batches = line_batches({{240, 24}, {40, 20}, {600, 30}}, kLines);
    REQUIRE(batches.size() == 2);
    CHECK(batches[0].lines == std::vector<std::size_t>{1, 0});
    CHECK(batches[0].width == 480);
    CHECK(batches[1].lines == std::vector<std::size_t>{2});
    CHECK(batches[1].width == 960);
    const auto narrow = line_batches({{40, 20}}, kLines);
    REQUIRE(narrow.size() == 1);
    CHECK(narrow[0].width == 320);
    CHECK(line_batches({}, kLines).empty());
}

TEST_CASE("every line is in one batch, and the longest is squeezed") {
    std::vector<PictureSize> lines;
    for (int i = 0; i < 25; ++i)
        lines.push_back({1 + (i * 37) % 400, 10 + i % 7});
    lines.push_back({2000, 4});
    std::multiset<std::size_t> found;
    for (const auto& batch : line_batches(lines, kLines)) {
        CHECK(batch.lines.size() <= kLines.together);
        CHECK(batch.width <= 6400);
        found.insert(batch.lines.begin(), batch.lines.end());
        for (const auto line : batch.lines)
            CHECK(width_at(lines[line], kLines.height, batch.width) <= batch.width);
    }
    REQUIRE(found.size() == lines.size());
    CHECK(std::adjacent_find(found.begin(), found.end()) == found.end());
}

TEST_CASE("a line keeps its proportions, rounded up") {
    CHECK(width_at({100, 20}, 48, 320) == 240);
    CHECK(width_at({101, 20}, 48, 320) == 243);
    CHECK(width_at({1000, 20}, 48, 320) == 320);
    CHECK(width_at({1, 2000}, 48, 320) == 1);
}

}  // namespace
