#include "core/rerank/reranker.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "core/common/error.hpp"
#include "core/preset/recipe_json.hpp"
#include "core/rerank/pair_features.hpp"

namespace {

using namespace pmatch;

const std::vector<std::string> kLists{"text", "words"};

RankedItem candidate(std::int64_t row, ListPart text, ListPart words) {
    RankedItem item;
    item.row = row;
    item.parts = {text, words};
    return item;
}

ListPart hit(int rank, float raw) {
    return {true, rank, raw, 0, 0};
}

float value(const Reranker& matcher, const FeatureRows& rows, std::size_t row,
            const std::string& name) {
    const auto& names = matcher.feature_names();
    const auto at = std::find(names.begin(), names.end(), name) - names.begin();
    REQUIRE(at < static_cast<std::ptrdiff_t>(names.size()));
    return rows.row(row)[static_cast<std::size_t>(at)];
}

TEST_CASE("what a list says of a candidate: score, place between its ends, rank, lead") {
    const Reranker matcher({}, kLists);
    const MatchRecord record;
    const std::vector<const MatchRecord*> items(3, &record);
    const std::vector<RankedItem> pool{candidate(1, hit(1, 0.8F), {}),
                                       candidate(2, hit(2, 0.6F), {}), candidate(3, {}, {})};
    const auto rows = matcher.features(record, pool, items);
    CHECK(value(matcher, rows, 0, "list.text.raw") == 0.8F);
    CHECK(value(matcher, rows, 0, "list.text.minmax") == 1);
    CHECK(value(matcher, rows, 1, "list.text.rank") == 0.5F);
    CHECK(value(matcher, rows, 0, "list.text.lead") == doctest::Approx(0.25));
    CHECK(value(matcher, rows, 1, "list.text.lead") == doctest::Approx(-0.25));
    CHECK(value(matcher, rows, 2, "list.text.raw") == 0.6F);  // an item beyond the end: the lowest
    CHECK(value(matcher, rows, 2, "list.text.rank") == 0);
    CHECK(std::isnan(value(matcher, rows, 0, "list.words.raw")));  // a list that found nothing
}

TEST_CASE("a score is the sum of the standardised features, and an absent one adds nothing") {
    RerankModel model;
    model.alone = {
        {"list.text.raw", 0.5, 0.1, 2}, {"list.words.raw", 3, 1, 5}, {"list.caption.raw", 3, 1, 5}};
    const Reranker matcher(model, kLists);
    const MatchRecord record;
    const std::vector<const MatchRecord*> items{&record};
    const std::vector<RankedItem> pool{candidate(1, hit(1, 0.8F), {})};
    const auto scores = matcher.scores(matcher.features(record, pool, items));
    CHECK(scores.at(0) == doctest::Approx(6));
}

TEST_CASE("a model with a feature that nobody knows is refused") {
    RerankModel model;
    model.alone = {{"title.smell", 0, 1, 1}};
    CHECK_THROWS_WITH_AS(Reranker(model, kLists), "there is no feature 'title.smell'", Error);
}

std::vector<std::vector<RankedItem>> two_queries() {
    std::vector<std::vector<RankedItem>> queries(2);
    for (const auto& [query, row, score] :
         {std::tuple{0, 7, 2.0}, std::tuple{0, 8, 1.5}, std::tuple{1, 7, 3.0}}) {
        auto& item = queries[static_cast<std::size_t>(query)].emplace_back();
        item.row = row;
        item.score = score;
    }
    return queries;
}

TEST_CASE("an item ranks the queries that have it") {
    const auto rows = batch_features(two_queries());
    const auto& names = batch_feature_names();
    REQUIRE(rows.width == names.size());
    CHECK(rows.row(0)[2] == 0.5F);  // item 7 likes the second query more
    CHECK(rows.row(1)[2] == 1);
    CHECK(rows.row(2)[2] == 1);
    CHECK(rows.row(0)[4] == -1);
    CHECK(rows.row(1)[4] == 8);  // nobody else asks for item 8
    CHECK(rows.row(0)[3] + rows.row(2)[3] == doctest::Approx(1));
    CHECK(rows.row(0)[8] == doctest::Approx(2.5));
}

TEST_CASE("the features of a whole file have these names, in this order, each with its own value") {
    // log p of the first query's items: its scores less ln(e^2 + e^1.5); the second has one item.
    const double log_p = 2 - std::log(std::exp(2.0) + std::exp(1.5));
    const double both = std::exp(log_p) + 1;
    const std::vector<std::pair<std::string, double>> wanted{
        {"score", 2},
        {"log_p", log_p},
        {"return.rank", 0.5},
        {"return.share", 1 / (1 + std::exp(1.0))},
        {"return.lead", -1},
        {"return.p.rank", 0.5},
        {"return.p.share", std::exp(log_p) / both},
        {"return.p.lead", log_p},
        {"return.hubness", 2.5},
        {"bias", 1}};
    const auto& names = batch_feature_names();
    const auto rows = batch_features(two_queries());
    REQUIRE(names.size() == wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        INFO(wanted[i].first);
        CHECK(names[i] == wanted[i].first);
        CHECK(rows.row(0)[i] == doctest::Approx(wanted[i].second));
    }
}

TEST_CASE("with a whole file the other queries decide") {
    RerankModel model;
    model.batch = {{"score", 0, 1, 1}, {"return.rank", 0, 1, 10}};
    auto queries = two_queries();
    score_by_file(model, queries);
    CHECK(queries[0][0].score == doctest::Approx(7));
    CHECK(queries[0][1].score == doctest::Approx(11.5));
    CHECK(queries[1][0].score == doctest::Approx(13));
    CHECK(queries[0][0].return_rank == 2);
}

TEST_CASE("the odds are summed over features of the pair and of the whole file") {
    RerankModel model;
    model.alone = {{"list.text.raw", 0, 1, 1}};
    model.batch = {{"score", 0, 1, 1}};
    model.odds = {{"list.text.raw", 0.5, 0.1, 2}, {"return.rank", 0, 1, 10}, {"bias", 0, 1, -4}};
    const Reranker matcher(model, kLists);
    const MatchRecord record;
    const std::vector<const MatchRecord*> items{&record};
    const std::vector<RankedItem> pool{candidate(1, hit(1, 0.8F), {})};
    auto queries = two_queries();
    queries[0][0].odds = matcher.odds(matcher.features(record, pool, items)).at(0);
    CHECK(queries[0][0].odds == doctest::Approx((0.8 - 0.5) / 0.1 * 2));
    score_by_file(model, queries);
    CHECK(queries[0][0].odds == doctest::Approx(6 + 10 * 0.5 - 4));  // the second to have item 7
    CHECK(queries[1][0].odds == doctest::Approx(10 - 4));
    CHECK(queries[0][0].score == doctest::Approx(2));
}

TEST_CASE("no query and a query without candidates are no trouble") {
    std::vector<std::vector<RankedItem>> queries;
    score_by_file({}, queries);
    queries.resize(2);
    score_by_file({}, queries);
    CHECK(queries[0].empty());
}

std::string refused(const std::string& rescore) {
    try {
        parse_recipe(R"({"lists": [{"source": "text"}], "rescore": )" + rescore + "}", "m",
                     "m.jsonc");
    } catch (const Error& error) {
        return error.what();
    }
    return "no error";
}

TEST_CASE("a preset's model is checked field by field") {
    const std::string good = R"([{"feature": "score", "weight": 1}])";
    CHECK(refused(R"({"alone": )" + good + R"(, "batch": )" + good + "}") == "no error");
    CHECK(refused(R"({"alone": )" + good + "}").find("rescore.batch") != std::string::npos);
    CHECK(refused(R"({"alone": [{"feature": "x", "scale": 0}], "batch": )" + good + "}")
              .find("scale") != std::string::npos);
    CHECK(
        refused(R"({"alone": )" + good + R"(, "batch": [{"feature": "y"}]})").find("return.rank") !=
        std::string::npos);
    CHECK(refused("3").find("an object") != std::string::npos);
}

TEST_CASE("a list of sources takes the first that the collection has") {
    const auto recipe = parse_recipe(
        R"({"lists": [{"source": ["title", "name"], "kind": "bm25"}]})", "m", "m.jsonc");
    CHECK(recipe.lists[0].source == Source::parse("title"));
    CHECK(recipe.lists[0].other_sources == std::vector<Source>{Source::parse("name")});
}

}  // namespace
