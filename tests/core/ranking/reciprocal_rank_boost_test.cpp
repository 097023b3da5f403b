#include "core/ranking/reciprocal_rank_boost.hpp"

#include "tests/core/ranking/ranking_support.hpp"

namespace {

using namespace pmatch;
using namespace pmatch::test;

Candidates candidates(const Hits& items) {
    Candidates result;
    for (const auto& [id, score] : items) {
        auto& item = result.emplace_back();
        item.row = id - 'a';
        item.score = score;
    }
    return result;
}

TEST_CASE("an item's best query gains over those that only come near") {
    // a: rank 1 for the first query, 2 for the second; b: 1 for the second, 2 for the first.
    //   first  a 2 + 0.4 * 2 / 1, b 1.8 + 0.4 * 2 / 2
    //   second b 4 + 0.4 * 4 / 1, a 1 + 0.4 * 4 / 2
    std::vector<Candidates> queries{candidates({{'a', 2}, {'b', 1.8}}),
                                    candidates({{'b', 4}, {'a', 1}})};
    reciprocal_rank_boost(queries, 0.4);
    CHECK(queries[0][0].score == doctest::Approx(2.8));
    CHECK(queries[0][1].score == doctest::Approx(2.2));
    CHECK(queries[1][0].score == doctest::Approx(5.6));
    CHECK(queries[1][1].score == doctest::Approx(1.8));
    CHECK(queries[0][1].return_rank == 2);
    CHECK(queries[0][1].return_part == doctest::Approx(0.4));
}

TEST_CASE("queries that want an item equally share the rank") {
    std::vector<Candidates> queries{candidates({{'a', 3}}), candidates({{'a', 3}}),
                                    candidates({{'b', 3}, {'a', 1}})};
    reciprocal_rank_boost(queries, 1);
    CHECK(queries[0][0].return_rank == 1);
    CHECK(queries[1][0].return_rank == 1);
    CHECK(queries[2][1].return_rank == 3);
}

TEST_CASE("queries without candidates and scores of nothing stay as they are") {
    std::vector<Candidates> queries{{}, candidates({{'a', 0}}), candidates({{'a', -1}})};
    reciprocal_rank_boost(queries, 1);
    CHECK(queries[1][0].score == 0);
    CHECK(queries[2][0].score == -1);
    CHECK(queries[1][0].return_rank == 0);
}

TEST_CASE("answers are ordered and cut again after their scores changed") {
    Recipe recipe;
    recipe.lists.resize(1);
    auto items = candidates({{'a', 1}, {'c', 2}, {'b', 2}, {'d', 0.5}});
    order_answers(items, recipe, {.top = 3}, letter);
    CHECK(ids(items) == "bca");
    order_answers(items, recipe, {.top = 3, .min_score = 1.5}, letter);
    CHECK(ids(items) == "bc");
}

}  // namespace
