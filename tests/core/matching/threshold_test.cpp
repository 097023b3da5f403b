#include "core/matching/threshold.hpp"

#include <doctest/doctest.h>

#include <vector>

using pmatch::best_f1_threshold;
using pmatch::JudgedPair;
using pmatch::threshold_for_precision;
using pmatch::wilson_interval_low;

TEST_CASE("the threshold of the best F1 lies halfway between what it takes and what it leaves") {
    const std::vector<JudgedPair> pairs{{.5F, false}, {.9F, true}, {.75F, true}, {.25F, true}};
    const auto learned = best_f1_threshold(pairs, 4);
    REQUIRE(learned);
    // taking 1, 2, 3, 4 pairs: 2/5, 4/6, 4/7, 6/8
    CHECK(learned->threshold == .25F);
    CHECK(learned->f1() == doctest::Approx(.75));
    const auto fewer = best_f1_threshold(std::span(pairs).first(3), 2);
    REQUIRE(fewer);
    CHECK(fewer->threshold == .625F);
    CHECK(fewer->precision() == 1);
    CHECK(fewer->recall() == 1);
}

TEST_CASE("true pairs that the search never found count against the recall") {
    const std::vector<JudgedPair> pairs{{.9F, true}};
    const auto learned = best_f1_threshold(pairs, 4);
    REQUIRE(learned);
    CHECK(learned->recall() == doctest::Approx(.25));
    CHECK(learned->f1() == doctest::Approx(.4));
}

TEST_CASE("equal scores are taken or left together") {
    const std::vector<JudgedPair> pairs{
        {.8F, true}, {.5F, true}, {.5F, false}, {.5F, false}, {.5F, false}};
    const auto learned = best_f1_threshold(pairs, 2);
    REQUIRE(learned);  // 2/3 against 4/7
    CHECK(learned->taken == 1);
    CHECK(learned->threshold == .65F);
}

TEST_CASE("of thresholds with equal F1 the highest is taken") {
    const std::vector<JudgedPair> pairs{{.9F, true}, {.8F, false}, {.7F, true}, {.6F, false}};
    const auto learned = best_f1_threshold(pairs, 1);
    REQUIRE(learned);
    CHECK(learned->taken == 1);
}

TEST_CASE("no pair gives no threshold") {
    CHECK_FALSE(best_f1_threshold({}, 3));
    CHECK_FALSE(threshold_for_precision({}, 3, .5));
}

TEST_CASE("a precision must hold with the lower end of its interval") {
    std::vector<JudgedPair> pairs;
    for (int i = 0; i < 100; ++i)
        pairs.push_back({1.0F - static_cast<float>(i) * .001F, true});
    for (int i = 0; i < 100; ++i)
        pairs.push_back({.5F - static_cast<float>(i) * .001F, false});
    const auto sure = threshold_for_precision(pairs, 100, .9);
    REQUIRE(sure);
    // 100 of 100 are surely .963, 100 of 104 surely .905, 100 of 105 only .893
    CHECK(sure->right == 100);
    CHECK(sure->taken == 104);
    CHECK(wilson_interval_low(100, 104) >= .9);
    CHECK(wilson_interval_low(100, 105) < .9);
    CHECK_FALSE(threshold_for_precision(pairs, 100, .97));
    CHECK_FALSE(threshold_for_precision(std::span(pairs).first(5), 5, .9));
}

TEST_CASE("Wilson's interval has the ends of his formula") {
    // statsmodels.stats.proportion.proportion_confint(count, nobs, method="wilson")
    CHECK(wilson_interval_low(0, 0) == 0);
    CHECK(wilson_interval_low(0, 10) == doctest::Approx(0).epsilon(1e-12));
    CHECK(wilson_interval_low(1, 1) == doctest::Approx(1 / (1 + 3.841458820694124)));
    CHECK(wilson_interval_low(9, 10) == doctest::Approx(.5958499732).epsilon(1e-9));
}
