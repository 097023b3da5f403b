#include "core/index/neighbour_blending.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using pmatch::blend;
using pmatch::Index;
using pmatch::Neighbour;

TEST_CASE("a vector moves towards its neighbours by their cosines") {
    const std::vector<float> all{1, 0, .6F, .8F, 0, 1};
    const std::vector<std::vector<Neighbour>> near{{{0, 1}, {1, .6F}, {2, 0}}};
    const auto blended = blend(all, 2, 0, near, .5F);
    // (1, 0) + .6 (.6, .8) = (1.36, .48)
    const double length = std::hypot(1.36, .48);
    REQUIRE(blended.size() == 2);
    CHECK(blended[0] == doctest::Approx(1.36 / length));
    CHECK(blended[1] == doctest::Approx(.48 / length));
}

TEST_CASE("neighbours below the bound do not count, and the vector itself counts once") {
    const std::vector<float> all{1, 0, .6F, .8F};
    const std::vector<std::vector<Neighbour>> with_itself{{{0, 1}, {1, .6F}}, {{1, 1}, {0, .6F}}};
    CHECK(blend(all, 2, 0, with_itself, .7F) == all);
    const std::vector<std::vector<Neighbour>> without{{{1, .6F}}, {{0, .6F}}};
    CHECK(blend(all, 2, 0, with_itself, .5F) == blend(all, 2, 0, without, .5F));
}

TEST_CASE("a block in the middle is of the vectors from its first on") {
    const std::vector<float> all{1, 0, 0, 1, .6F, .8F};
    const std::vector<std::vector<Neighbour>> both{{}, {{2, .8F}}, {{1, .8F}}};
    const auto whole = blend(all, 2, 0, both, 0);
    const auto block = blend(all, 2, 1, std::span(both).subspan(1), 0);
    CHECK(block == std::vector<float>(whole.begin() + 2, whole.end()));
}

TEST_CASE("vectors that cancel out stay as they were") {
    const std::vector<float> all{1, 0, -1, 0};
    const std::vector<std::vector<Neighbour>> near{{{1, 1}}};
    CHECK(blend(all, 2, 0, near, 0) == std::vector<float>{1, 0});
}

TEST_CASE("a second round draws a group together and leaves a stranger where it was") {
    std::vector<float> all;
    for (const double degrees : {0., 20., 40., 180.}) {
        all.push_back(static_cast<float>(std::cos(degrees * 3.141592653589793 / 180)));
        all.push_back(static_cast<float>(std::sin(degrees * 3.141592653589793 / 180)));
    }
    const auto apart = [&] { return all[0] * all[4] + all[1] * all[5]; };
    const float before = apart();
    float last = before;
    for (int round = 0; round < 2; ++round) {
        const auto index = Index::build(all, 2, {"Flat", 0});
        all = blend(all, 2, 0, index.search_batch(all, 4, 4), .9F);
        CHECK(apart() > last);
        last = apart();
    }
    CHECK(all[6] == doctest::Approx(-1));
}
