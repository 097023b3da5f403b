#include "models/preprocess/tiling.hpp"

#include <doctest/doctest.h>

namespace {

using namespace pmatch;

/// As LLaVA-OneVision was published.
TilingSettings published() {
    TilingSettings settings{384, 27, {}, 9};
    for (int rows = 1; rows <= 6; ++rows) {
        for (int columns = 1; columns <= 6; ++columns)
            settings.pinpoints.push_back({384 * rows, 384 * columns});
    }
    return settings;
}

}  // namespace

TEST_CASE("a small square picture is looked at once, for both of its views") {
    const auto plan = plan_tiles(100, 100, published());
    CHECK(plan.twin);
    CHECK(plan.views() == 1);
    CHECK(plan.tokens == 729 + 27 * 28);
    CHECK_FALSE(plan_tiles(100, 101, published()).twin);
}

TEST_CASE("a photo is five views, its features as many as the picture has without the border") {
    const auto plan = plan_tiles(480, 640, published());
    CHECK(plan.views() == 5);
    CHECK(plan.tokens == 2929);
}

TEST_CASE("features of many tiles are shrunk") {
    const auto plan = plan_tiles(3000, 4000, published());
    CHECK(plan.views() == 31);
    CHECK(plan.tokens == 7309);
    CHECK(plan.shrunk_rows < plan.rows);
}

TEST_CASE("no picture has more tokens than is said") {
    const auto settings = published();
    int most = 0;
    for (int height = 1; height < 2500; height += 37) {
        for (int width = 1; width < 2500; width += 41)
            most = std::max(most, plan_tiles(height, width, settings).tokens);
    }
    CHECK(most <= most_tokens(settings));
    CHECK(most > most_tokens(settings) * 3 / 4);
}

TEST_CASE("tiles are cut from the picture on black") {
    Image white{2, 1, {255, 255, 255, 255, 255, 255}};
    TilingSettings settings{4, 2, {{4, 4}, {4, 8}}, 9};
    const auto plan = plan_tiles(white.height, white.width, settings);
    REQUIRE(plan.tile_columns == 1);
    CHECK(plan.resized_width == 4);
    CHECK(plan.resized_height == 2);
    const auto views = make_views(white, plan, settings.side, Filter::kBicubic);
    REQUIRE(views.size() == 2 * 4 * 4 * 3);
    const auto row = [&](std::size_t view, std::size_t y) { return views[(view * 4 + y) * 4 * 3]; };
    for (std::size_t y = 0; y < 4; ++y)
        CHECK(row(0, y) == 255);
    CHECK(row(1, 0) == 0);
    CHECK(row(1, 1) == 255);
    CHECK(row(1, 2) == 255);
    CHECK(row(1, 3) == 0);
}
