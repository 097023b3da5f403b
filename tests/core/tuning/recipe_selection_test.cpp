#include "core/tuning/recipe_selection.hpp"

#include <doctest/doctest.h>

#include <numeric>

#include "core/common/random.hpp"

namespace {

using namespace pmatch;

constexpr std::size_t kQueries = 400;

LabelledQueries labelled() {
    LabelledQueries queries;
    for (std::size_t i = 0; i < kQueries; ++i)
        queries.ids.push_back(std::to_string(i));
    queries.under.assign(kQueries, 1);
    queries.has_item.assign(kQueries, 1);
    return queries;
}

/// Each query is answered rightly with this chance.
RecipeResults answers(double chance, std::uint64_t seed) {
    SplitMix64 random(seed);
    RecipeResults results(kQueries);
    for (std::size_t i = 0; i < kQueries; ++i) {
        const bool right = random.below(1000) < chance * 1000;
        results.over[i] = right ? 1 : 0;
        results.mrr[i] = right ? 1 : 0.5F;
        results.first[i] = right ? 0.9F : 0.1F;
        results.correct[i] = right ? 1 : 0;
    }
    return results;
}

std::vector<TrainTestSplit> splits() {
    QueryNumbers all(kQueries);
    std::iota(all.begin(), all.end(), 0U);
    std::vector<TrainTestSplit> halves;
    for (std::uint64_t seed = 1; seed <= 5; ++seed)
        halves.push_back(split_halves(all, all, seed));
    return halves;
}

RecipeChoice choose(const std::vector<RecipeResults>& results) {
    std::vector<CandidateRecipe> contenders;
    for (const auto& one : results)
        contenders.push_back({{&one}, {&one}});
    return choose_recipe(labelled(), contenders, 0, splits(), {1000, 1});
}

TEST_CASE("a recipe that is clearly better is chosen in every split, and it is a gain") {
    const auto choice = choose({answers(.6, 1), answers(.8, 2), answers(.5, 3)});
    CHECK(choice.contender == 1);
    for (const auto& split : choice.splits)
        CHECK(split.contender == 1);
    CHECK(choice.gain.mean > 0.1);
    CHECK(choice.gain.mean == doctest::Approx(choice.chosen.mean - choice.start.mean));
    CHECK(choice.p < 0.01);
    CHECK(choice.is_gain());
}

TEST_CASE("the best of many recipes that are no better is no gain") {
    int gains = 0;
    for (std::uint64_t world = 0; world < 20; ++world) {
        std::vector<RecipeResults> noise;
        for (std::uint64_t i = 0; i < 50; ++i)
            noise.push_back(answers(.7, 1000 * world + i));
        const auto choice = choose(noise);
        gains += choice.is_gain() ? 1 : 0;
        CHECK(choice.splits[0].train.chosen >= choice.splits[0].train.start);
    }
    CHECK(gains <= 3);
}

TEST_CASE("the start is kept where nothing is better, and then p is 1") {
    const auto choice = choose({answers(.9, 1), answers(.4, 2)});
    CHECK(choice.contender == 0);
    CHECK(choice.gain.mean == 0);
    CHECK(choice.p == 1);
    CHECK(!choice.is_gain());
}

TEST_CASE("equal metrics: the better mrr, then the start") {
    const auto start = answers(.5, 1);
    auto better = start;
    better.mrr.assign(kQueries, 1);
    CHECK(choose({start, start, better}).contender == 2);
    CHECK(choose({start, start}).contender == 0);
}

TEST_CASE("a recipe that learns is chosen by what it did unseen") {
    const auto start = answers(.7, 1);
    const auto unseen = answers(.4, 2);
    const auto learned_by_heart = answers(1, 3);
    const std::vector<CandidateRecipe> contenders{
        {{&start}, {&start}},
        {{&unseen, &unseen, &unseen, &unseen, &unseen, &unseen},
         {&learned_by_heart, &learned_by_heart, &learned_by_heart, &learned_by_heart,
          &learned_by_heart, &learned_by_heart}}};
    CHECK(choose_recipe(labelled(), contenders, 0, splits(), {1000, 1}).contender == 0);
}

TEST_CASE("the interval over splits is Student's") {
    const std::vector<double> values{1, 2, 3, 4, 5};
    const auto mean = mean_over_splits(values);
    CHECK(mean.mean == 3);
    CHECK(mean.half == doctest::Approx(1.9632).epsilon(1e-4));  // scipy: t.interval(.95, 4)
    CHECK(mean_over_splits(std::vector<double>{2}).half == 0);
}

TEST_CASE("queries without an answer bring no pair to a threshold") {
    auto results = answers(.5, 1);
    results.first[0] = -std::numeric_limits<float>::infinity();
    const QueryNumbers some{0, 1, 2};
    CHECK(first_answers(results, some).size() == 2);
    CHECK(true_firsts(labelled(), some) == 3);
}

}  // namespace
