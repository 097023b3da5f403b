#include "core/matching/runner_up.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace pmatch;

TEST_CASE("the margin is the distance to the left item's best other candidate") {
    const std::vector<ScoredPair> pairs = {{0, 1, .5F}, {0, 2, .875F}, {0, 3, .75F}, {1, 2, .25F}};
    const RunnersUp runners_up(pairs);
    CHECK(runners_up.margin({0, 2, .875F}) == .125F);
    CHECK(runners_up.margin({0, 3, .75F}) == -.125F);
    CHECK(runners_up.margin({0, 1, .5F}) == -.375F);
    CHECK_FALSE(runners_up.margin({1, 2, .25F}));
    CHECK_FALSE(runners_up.margin({9, 2, .25F}));
}

TEST_CASE("a pair that is listed twice is no runner-up of itself") {
    const std::vector<ScoredPair> pairs = {{0, 1, .5F}, {0, 1, .75F}, {0, 2, .25F}};
    CHECK(RunnersUp(pairs).margin({0, 1, .75F}) == .5F);
}
