#include "core/matching/pair_table.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <vector>

#include "core/matching/pair_choice.hpp"

using pmatch::both_directions;
using pmatch::choose_pairs;
using pmatch::one_direction;
using pmatch::PairMode;
using pmatch::PairTable;
using pmatch::ScoredPair;
using pmatch::with_at_least_one;
using Pairs = std::vector<ScoredPair>;

constexpr float kAny = std::numeric_limits<float>::lowest();

TEST_CASE("what a list said of a pair is found after sorting") {
    PairTable table;
    const auto text = table.list("text");
    table.add({2, 1, .5F});
    table.say(text, {1, .5F});
    table.add({0, 3, .25F});
    const auto image = table.list("image");
    table.say(image, {7, .125F});
    table.sort();
    CHECK(table.pairs() == Pairs{{0, 3, .25F}, {2, 1, .5F}});
    REQUIRE(table.find(0, 3));
    CHECK_FALSE(table.part(text, *table.find(0, 3)).present());
    CHECK(table.part(image, *table.find(0, 3)).rank == 7);
    CHECK(table.part(text, *table.find(2, 1)).raw == .5F);
    CHECK_FALSE(table.find(1, 2));
    CHECK(table.list("text") == text);
}

TEST_CASE("a pair of two tables stays with its better score and what the lists of both said") {
    PairTable one;
    one.list("text");
    one.add({0, 1, .25F});
    one.say(0, {3, .7F});
    PairTable other;
    other.list("image");
    other.add({0, 1, .5F});
    other.say(0, {1, .9F});
    other.add({0, 2, .4F});
    other.say(0, {2, .8F});
    one.append(other);
    one.sort();
    CHECK(one.pairs() == Pairs{{0, 1, .5F}, {0, 2, .4F}});
    CHECK(one.part(one.list("text"), 0).raw == .7F);
    CHECK(one.part(one.list("image"), 0).raw == .9F);
    CHECK_FALSE(one.part(one.list("text"), 1).present());
}

TEST_CASE("left items get their final numbers before sorting") {
    PairTable table;
    table.add({0, 5, 1});
    table.add({1, 6, 2});
    table.renumber_left(std::vector<std::uint32_t>{1, 0});
    table.sort();
    CHECK(table.pairs() == Pairs{{0, 6, 2}, {1, 5, 1}});
}

TEST_CASE("within one catalog a pair has both directions with the better score") {
    const Pairs pairs{{0, 1, .5F}, {1, 0, .75F}, {2, 0, .25F}, {3, 3, 1}};
    const auto both = both_directions(pairs);
    CHECK(both == Pairs{{0, 1, .75F}, {0, 2, .25F}, {1, 0, .75F}, {2, 0, .25F}});
    CHECK(one_direction(both) == Pairs{{0, 1, .75F}, {0, 2, .25F}});
    CHECK(one_direction(Pairs{{4, 1, .5F}}) == Pairs{{1, 4, .5F}});
}

TEST_CASE("an item that is left without a pair keeps its best one above the floor") {
    const Pairs pairs{{0, 1, .9F}, {0, 2, .5F}, {1, 2, .5F}, {1, 3, .5F}, {2, 3, .2F}};
    CHECK(with_at_least_one(pairs, .8F, .4F) == Pairs{{0, 1, .9F}, {1, 2, .5F}});
    CHECK(with_at_least_one(pairs, .8F, .95F) == Pairs{{0, 1, .9F}});
    CHECK(with_at_least_one({}, .8F, .4F).empty());
}

TEST_CASE("scores of several rankings get one scale: 0 the threshold, 1 the best") {
    Pairs cosines{{0, 1, .9F}, {0, 2, .8F}, {0, 3, .7F}};
    pmatch::scale_above(cosines, .8F);
    CHECK(cosines[0].score == doctest::Approx(.5));
    CHECK(cosines[1].score == doctest::Approx(0));
    CHECK(cosines[2].score == doctest::Approx(-.5));
    Pairs sums{{0, 1, 30}, {0, 2, 20}};
    pmatch::scale_above(sums, 10);
    CHECK(sums[0].score == 1);
    CHECK(sums[1].score == doctest::Approx(.5));
    Pairs same{{0, 1, 1}, {0, 2, .5F}};
    pmatch::scale_above(same, 1);
    CHECK(same[0].score == 1);
    CHECK(same[1].score == -1);
}

TEST_CASE("within one catalog greedy pairs come in both directions") {
    const auto both = both_directions(Pairs{{0, 1, .5F}, {0, 2, .5F}, {1, 2, .5F}, {2, 3, .5F}});
    CHECK(one_direction(choose_pairs(both, PairMode::kOneToOne, kAny)) ==
          Pairs{{0, 1, .5F}, {2, 3, .5F}});
    CHECK(one_direction(choose_pairs(both, PairMode::kMutual, kAny)) == Pairs{{0, 1, .5F}});
    CHECK(choose_pairs(both, PairMode::kBest, kAny).size() == 4);
}

TEST_CASE("pairs below the threshold are left out in every mode") {
    const Pairs pairs{{0, 0, .9F}, {0, 1, .8F}, {1, 0, .85F}, {1, 1, .1F}};
    CHECK(choose_pairs(pairs, PairMode::kAll, .8F) ==
          Pairs{{0, 0, .9F}, {1, 0, .85F}, {0, 1, .8F}});
    CHECK(choose_pairs(pairs, PairMode::kBest, .88F) == Pairs{{0, 0, .9F}});
    CHECK(choose_pairs(pairs, PairMode::kMutual, .5F) == Pairs{{0, 0, .9F}});
    CHECK(choose_pairs(pairs, PairMode::kOneToOne, .05F) == Pairs{{0, 0, .9F}, {1, 1, .1F}});
    CHECK(choose_pairs(pairs, PairMode::kOptimal, .05F) == Pairs{{1, 0, .85F}, {0, 1, .8F}});
}
