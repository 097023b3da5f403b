#include "core/ranking/rank_lists.hpp"

#include "core/common/error.hpp"
#include "tests/core/ranking/ranking_support.hpp"

namespace {

using namespace pmatch;
using namespace pmatch::test;

Recipe one_list() {
    Recipe recipe;
    recipe.lists.resize(1);
    return recipe;
}

TEST_CASE("answers go by score, then by the bytes of the id, and are cut after that") {
    const std::vector<std::string> names = {"b", "B", "a", "\xc3\xa9", "z"};
    const std::vector<Neighbour> found = {{4, 0.9F}, {0, 0.5F}, {1, 0.5F}, {2, 0.5F}, {3, 0.5F}};
    const auto name = [&](std::int64_t row) -> const std::string& {
        return names[static_cast<std::size_t>(row)];
    };
    const auto order = [&](int top) {
        std::string result;
        for (const auto& item : rank_lists(one_list(), {found}, {.top = top}, name))
            result += name(item.row);
        return result;
    };
    CHECK(order(5) == "zBab\xc3\xa9");
    CHECK(order(2) == "zB");
    CHECK(rank_lists(one_list(), {{}}, {.top = 3}, name).empty());
}

TEST_CASE("an item below the lowest score wanted is no answer") {
    const Hits list{{'a', 0.9}, {'b', 0.5}, {'c', 0.1}};
    auto recipe = one_list();
    recipe.min_score = 0.5;
    CHECK(ids(ranked(recipe, {list})) == "ab");
    CHECK(ids(ranked(recipe, {list}, {.min_score = 0.95})).empty());
    CHECK(ids(ranked(recipe, {list}, {.min_score = 0})) == "abc");
}

TEST_CASE("of a group only its best item is an answer, and what is in no group stays") {
    const auto group = [](std::int64_t row) {
        return row < 2 ? std::string("first") : row < 4 ? std::string("second") : std::string();
    };
    const Hits list{{'b', 9}, {'e', 8}, {'a', 7}, {'c', 6}, {'d', 5}, {'f', 4}};
    CHECK(ids(ranked(one_list(), {list}, {.group_of = group})) == "becf");
}

TEST_CASE("an excluded item is as if it were not there, also for ranks and normalisation") {
    // Without a: min-max b 1, c 0.
    const auto items =
        ranked(*find_recipe("hybrid"), {{{'a', 9}, {'b', 3}, {'c', 1}}, {}}, {.exclude = 0});
    check_ranking(items, "bc", {1, 0});
    CHECK(items[0].parts[0].rank == 1);
}

TEST_CASE("equal scores at the depth's border go by id before the list is cut") {
    // Depth 1: of c and b, equal, b stays.
    auto recipe = *find_recipe("hybrid");
    recipe.fusion.depth = 1;
    CHECK(ids(ranked(recipe, {{{'c', 1}, {'b', 1}}, {}}, {.top = 1})) == "b");
}

TEST_CASE("as many lists must come as the recipe has") {
    CHECK_THROWS_AS(ranked(*find_recipe("hybrid"), {{}}), Error);
}

}  // namespace
