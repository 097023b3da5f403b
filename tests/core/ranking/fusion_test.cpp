#include "core/ranking/fusion.hpp"

#include "tests/core/ranking/ranking_support.hpp"

namespace {

using namespace pmatch;
using namespace pmatch::test;

// Two lists that most tests below put together: the first prefers a, the second b.
const Hits kFirst{{'a', 5}, {'b', 3}, {'c', 1}};
const Hits kSecond{{'b', 12}, {'d', 9}, {'a', 6}};

TEST_CASE("image, text, caption, lexical and flat-ip give one list as it is") {
    for (const auto* name : {"image", "text", "caption", "lexical", "flat-ip"}) {
        INFO(name);
        check_ranking(ranked(*find_recipe(name), {kFirst}), "abc", {5, 3, 1});
    }
}

TEST_CASE("borda counts depth minus rank") {
    // Weights 1, 1, 0 and depth 100, ranks from 0:
    //   a  100 - 0 + 100 - 2 = 198     b  100 - 1 + 100 - 0 = 199
    //   c  100 - 2           =  98     d            100 - 1 =  99     e  0 * 100 = 0
    check_ranking(ranked(*find_recipe("borda"), {kFirst, kSecond, {{'e', 1}}}), "badce",
                  {199, 198, 99, 98, 0});
}

TEST_CASE("borda puts the item met first before its equals, whatever their ids") {
    // b 100 + 99, a 99 + 100: the first list meets b first.
    check_ranking(ranked(*find_recipe("borda"), {{{'b', 2}, {'a', 1}}, {{'a', 2}, {'b', 1}}, {}}),
                  "ba", {199, 199});
}

TEST_CASE("borda can cut at the number of answers wanted") {
    // K = 2: a 2 - 0, b (2 - 1) + (2 - 0), d 2 - 1, c is cut off; of b a d the first two stay.
    auto recipe = *find_recipe("borda");
    recipe.fusion.depth_is_top = true;
    check_ranking(ranked(recipe, {kFirst, kSecond, {}}, {.top = 2}), "ba", {3, 2});
}

TEST_CASE("a list is as deep as the answers wanted when those are more than its depth") {
    CHECK(list_depth({.method = "borda", .depth = 100}, 10) == 100);
    CHECK(list_depth({.method = "borda", .depth = 100}, 250) == 250);
    CHECK(list_depth({.method = "borda", .depth_is_top = true}, 10) == 10);
    CHECK(list_depth({.method = "none"}, 10) == 10);
}

TEST_CASE("rrf adds reciprocal ranks") {
    // k = 60, ranks from 1: a 1/61 + 1/63, b 1/62 + 1/61, c 1/63, d 1/62; the image list is empty.
    check_ranking(ranked(*find_recipe("rrf"), {{}, kFirst, kSecond}), "badc",
                  {1.0 / 62 + 1.0 / 61, 1.0 / 61 + 1.0 / 63, 1.0 / 62, 1.0 / 63});
}

TEST_CASE("rrf weighs lists") {
    // Weights 2 and 1: a 2/61 + 1/63, b 2/62 + 1/61, c 2/63, d 1/62.
    auto recipe = *find_recipe("rrf");
    recipe.lists[1].weight = 2;
    check_ranking(ranked(recipe, {{}, kFirst, kSecond}), "abcd",
                  {2.0 / 61 + 1.0 / 63, 2.0 / 62 + 1.0 / 61, 2.0 / 63, 1.0 / 62});
}

TEST_CASE("hybrid, wsum and combsum add scores spread over 0 to 1") {
    // (x - min) / (max - min): first a 1, b 1/2, c 0; second b 1, d 1/2, a 0.
    //   a 1 + 0, b 1/2 + 1, c 0, d 1/2
    for (const auto* name : {"wsum", "combsum"}) {
        INFO(name);
        check_ranking(ranked(*find_recipe(name), {{}, kFirst, kSecond}), "badc", {1.5, 1, 0.5, 0});
    }
    // hybrid counts terms twice. Third: f 1, b 3/4, a 0.
    //   a 1 + 0, b 1/2 + 3/2, c 0, f 2 * 1; b before f by id
    const Hits terms{{'f', 9}, {'b', 7}, {'a', 1}};
    check_ranking(ranked(*find_recipe("hybrid"), {kFirst, terms}), "bfac", {2, 2, 1, 0});
}

TEST_CASE("multimodal adds all there is") {
    auto recipe = *find_recipe("multimodal");
    CHECK(recipe.all_lists);
    recipe.lists.resize(2);
    check_ranking(ranked(recipe, {kFirst, kSecond}), "badc", {1.5, 1, 0.5, 0});
}

TEST_CASE("wsum weighs lists and can use z-scores") {
    // (x - mean) / sigma: first mean 3, sigma sqrt(8/3), a z, b 0, c -z with z = 2 / sqrt(8/3);
    // second mean 9, sigma sqrt(6), b z, d 0, a -z with the same z = 3 / sqrt(6) = 1.2247449.
    // What a list lacks has its lowest value -z. Weights 1 and 3:
    //   a z - 3z, b 0 + 3z, c -z - 3z, d -z + 0
    const double z = 1.224744871391589;
    auto recipe = *find_recipe("wsum");
    recipe.lists[2].weight = 3;
    recipe.fusion.normalise = Normaliser::kZScore;
    check_ranking(ranked(recipe, {{}, kFirst, kSecond}), "bdac", {3 * z, -z, -2 * z, -4 * z});
}

TEST_CASE("a list whose scores are all the same counts for those that are in it") {
    // min-max 1 for a and b, dbsf 1/2, z-score 0.
    const Hits equal{{'a', 4}, {'b', 4}};
    check_ranking(ranked(*find_recipe("wsum"), {{}, equal, {{'b', 1}}}), "ba", {2, 1});
    check_ranking(ranked(*find_recipe("dbsf"), {{}, equal, {}}), "ab", {0.5, 0.5});
    auto recipe = *find_recipe("wsum");
    recipe.fusion.normalise = Normaliser::kZScore;
    check_ranking(ranked(recipe, {{}, equal, {}}), "ab", {0, 0});
}

TEST_CASE("dbsf scales by mean and three sigma") {
    // (x - (mean - 3 sigma)) / (6 sigma), sigma over n - 1.
    //   first: mean 3, sigma 2: (x + 3) / 12: a 8/12, b 6/12, c 4/12
    //   second: mean 9, sigma 3: x / 18: b 12/18, d 9/18, a 6/18
    //   a 2/3 + 1/3, b 1/2 + 2/3, c 1/3, d 1/2
    check_ranking(ranked(*find_recipe("dbsf"), {{}, kFirst, kSecond}), "badc",
                  {7.0 / 6, 1, 0.5, 1.0 / 3});
}

TEST_CASE("combmnz multiplies by the number of lists that hold the item") {
    // CombSUM a 1, b 3/2, c 0, d 1/2; a and b are in both lists.
    const auto items = ranked(*find_recipe("combmnz"), {{}, kFirst, kSecond});
    check_ranking(items, "badc", {3, 2, 0.5, 0});
    CHECK(items[0].parts[1].contribution + items[0].parts[2].contribution == items[0].score);
}

TEST_CASE("an item carries what each list did for it") {
    const auto items = ranked(*find_recipe("rrf"), {{}, kFirst, kSecond});
    const auto& d = items[2];
    CHECK_FALSE(d.parts[0].present);
    CHECK_FALSE(d.parts[1].present);
    CHECK(d.parts[2].present);
    CHECK(d.parts[2].rank == 2);
    CHECK(d.parts[2].raw == 9);
    CHECK(d.parts[2].normalised == doctest::Approx(1.0 / 62));
    CHECK(d.parts[2].contribution == d.score);
}

}  // namespace
