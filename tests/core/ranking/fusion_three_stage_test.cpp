#include "tests/core/ranking/ranking_support.hpp"

namespace {

using namespace pmatch;
using namespace pmatch::test;

// Every list spans 0 to 1, so that min-max leaves the values as they are (but for the 1e-8).
const std::vector<Hits> kLists{{{'a', 1}, {'b', 0.5}, {'c', 0}, {'d', 0.25}},   // res
                               {{'a', 0}, {'b', 1}, {'c', 0.5}, {'d', 0}},      // clip
                               {{'a', 0}, {'b', 0.5}, {'c', 1}, {'d', 0.25}}};  // text

Recipe three_stage() {
    return *find_recipe("three-stage");
}

TEST_CASE("three-stage keeps, gates and orders") {
    // 1. 0.6 res + 0.4 clip: a .6, b .3 + .4, c .2, d .15: all are among the best 100.
    // 2. text >= 0.25: b and c; d has 0.25 / (1 + 1e-8), which is below.
    // 3. .35 res + .25 clip + .4 text: b .175 + .25 + .2 = .625, c 0 + .125 + .4 = .525.
    const auto items = ranked(three_stage(), kLists);
    check_ranking(items, "bc", {0.625, 0.525});
    CHECK(items[0].gate == GateVerdict::kPassed);
    CHECK(items[0].gate_value == doctest::Approx(0.5));
    CHECK(items[0].parts[2].contribution == doctest::Approx(0.2));
}

TEST_CASE("three-stage keeps no more than it is told") {
    // The best 2 are b .7 and a .6; a has text 0.
    auto recipe = three_stage();
    recipe.fusion.staged.keep = 2;
    check_ranking(ranked(recipe, kLists), "b", {0.625});
}

TEST_CASE("backfill puts what the gate stopped behind what passed") {
    // a .35 and d .0875 + 0 + .1 = .1875, both less .35 + .25 + .4 = 1.
    auto recipe = three_stage();
    recipe.fusion.staged.backfill = true;
    const auto items = ranked(recipe, kLists);
    check_ranking(items, "bcad", {0.625, 0.525, -0.65, -0.8125});
    CHECK(items[2].gate == GateVerdict::kStopped);
}

TEST_CASE("an absolute gate looks at the cosine itself") {
    // d has 0.25 and passes; its score is .35 * .25 + 0 + .4 * .25 = .1875.
    auto recipe = three_stage();
    recipe.fusion.staged.gate_mode = GateMode::kAbsolute;
    check_ranking(ranked(recipe, kLists), "bcd", {0.625, 0.525, 0.1875});
}

TEST_CASE("a z-score gate looks at the distance from the catalog's mean") {
    // text: mean .4375, sigma sqrt((.4375² + .0625² + .5625² + .1875²) / 4) = .3698: b .169,
    // c 1.52.
    auto recipe = three_stage();
    recipe.fusion.staged.gate_mode = GateMode::kZScore;
    recipe.fusion.staged.at_least = 0.2;
    const auto items = ranked(recipe, kLists);
    check_ranking(items, "c", {0.525});
    CHECK(items[0].gate_value == doctest::Approx(0.5625 / 0.36976).epsilon(1e-4));
}

TEST_CASE("an item that a list lacks has its lowest value and does not pass a gate there") {
    // c lacks res: 0 + .125 + .4. b lacks text: stopped.
    auto lists = kLists;
    lists[0].erase(lists[0].begin() + 2);
    lists[2].erase(lists[2].begin() + 1);
    const auto items = ranked(three_stage(), lists);
    // res over a 1, b .5, d .25: n(d) = 0.
    check_ranking(items, "c", {0.525});
    CHECK_FALSE(items[0].parts[0].present);
}

}  // namespace
