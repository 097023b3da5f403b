#include "core/metrics/metrics.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/common/error.hpp"

using namespace pmatch;

namespace {

QueryAnswers answers(const std::string& query, const std::vector<std::string>& items) {
    QueryAnswers result{query, {}, false};
    float score = 100;
    for (const auto& item : items)
        result.answers.push_back({item, score--});
    return result;
}

double value(const Metrics& metrics, const std::string& name) {
    for (const auto& [key, number] : metrics.values) {
        if (key == name) return number;
    }
    FAIL("no metric " << name);
    return 0;
}

}  // namespace

TEST_CASE("metrics of two queries, worked out by hand") {
    const Truth truth = {{"q1", {{"a", 1}, {"b", 1}, {"c", 1}}}, {"q2", {{"x", 1}}}};
    Scorer scorer(truth, {1, 3, 5});
    scorer.add(answers("q1", {"n", "a", "m", "b"}));  // true at ranks 2 and 4; c is missed
    scorer.add(answers("q2", {"x", "n"}));            // true at rank 1
    const auto metrics = scorer.result();
    CHECK(metrics.queries == 2);
    CHECK(metrics.scored == 2);
    CHECK(value(metrics, "hit@1") == doctest::Approx(0.5));  // (0 + 1) / 2
    CHECK(value(metrics, "hit@3") == doctest::Approx(1.0));
    CHECK(value(metrics, "recall@1") == doctest::Approx((0.0 + 1.0) / 2));
    CHECK(value(metrics, "recall@3") == doctest::Approx((1.0 / 3 + 1) / 2));
    CHECK(value(metrics, "recall@5") == doctest::Approx((2.0 / 3 + 1) / 2));
    CHECK(value(metrics, "pair_recall@1") == doctest::Approx(1.0 / 4));  // of 3 + 1 true pairs
    CHECK(value(metrics, "pair_recall@3") == doctest::Approx(2.0 / 4));
    CHECK(value(metrics, "pair_recall@5") == doctest::Approx(3.0 / 4));
    CHECK(value(metrics, "mrr") == doctest::Approx((1.0 / 2 + 1) / 2));
    // q1: precision 1/2 at rank 2 and 2/4 at rank 4, over 3 true items
    CHECK(value(metrics, "map") == doctest::Approx(((1.0 / 2 + 2.0 / 4) / 3 + 1) / 2));
    // q1: found 1/log2(3) + 1/log2(5), ideal 1/log2(2) + 1/log2(3) + 1/log2(4)
    const double dcg = 1 / std::log2(3.0) + 1 / std::log2(5.0);
    const double ideal = 1 + 1 / std::log2(3.0) + 1.0 / 2;
    CHECK(value(metrics, "ndcg@10") == doctest::Approx((dcg / ideal + 1) / 2));
}

TEST_CASE("metrics come in the order that is printed") {
    const Truth truth = {{"q", {{"a", 1}}}};
    const auto metrics = Scorer(truth, {1, 10}).result();
    const std::vector<std::string> expected = {
        "hit@1",       "hit@10",       "recall@1", "recall@10", "pair_recall@1", "pair_recall@10",
        "precision@1", "precision@10", "ndcg@1",   "ndcg@10",   "mrr",           "map",
        "map@r",       "r_precision"};
    REQUIRE(metrics.values.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        CHECK(metrics.values[i].first == expected[i]);
        CHECK(metrics.values[i].second == 0);  // nothing was scored
    }
    CHECK(metrics.truth_without_query == 1);
}

TEST_CASE("ndcg weighs grades, and grade 0 is no true item") {
    const Truth truth = {{"q", {{"best", 3}, {"fair", 1}, {"bad", 0}}}};
    Scorer scorer(truth, {1});
    scorer.add(answers("q", {"bad", "fair", "best"}));
    const auto metrics = scorer.result();
    const double dcg = 1 / std::log2(3.0) + 3 / std::log2(4.0);
    const double ideal = 3 / std::log2(2.0) + 1 / std::log2(3.0);
    CHECK(value(metrics, "ndcg@10") == doctest::Approx(dcg / ideal));
    CHECK(value(metrics, "hit@1") == 0);
    CHECK(value(metrics, "map") == doctest::Approx((1.0 / 2 + 2.0 / 3) / 2));
}

TEST_CASE("precision@K, map@r and r_precision, worked out by hand") {
    const Truth truth = {{"q", {{"a", 1}, {"b", 1}, {"c", 1}}}};
    Scorer scorer(truth, {2, 10});
    scorer.add(answers("q", {"a", "n", "b", "c"}));
    const auto metrics = scorer.result();
    CHECK(value(metrics, "precision@2") == doctest::Approx(1.0 / 2));
    CHECK(value(metrics, "precision@10") == doctest::Approx(3.0 / 10));  // ranks 5 to 10 are wrong
    CHECK(value(metrics, "r_precision") == doctest::Approx(2.0 / 3));
    CHECK(value(metrics, "map@r") == doctest::Approx((1 + 2.0 / 3) / 3));
    CHECK(value(metrics, "map") == doctest::Approx((1 + 2.0 / 3 + 3.0 / 4) / 3));
}

TEST_CASE("the threshold counts pairs, those of queries without truth as wrong ones") {
    const Truth truth = {{"q1", {{"a", 1}, {"b", 1}}}, {"q2", {{"c", 1}}}};
    Scorer scorer(truth, ScoreColumns{{1}, 0.7});
    scorer.add({"q1", {{"a", 0.9F}, {"n", 0.7F}, {"b", 0.6F}}, false});
    scorer.add({"q2", {{"c", 0.7F}}, false});
    scorer.add({"none", {{"a", 0.8F}, {"b", 0.1F}}, false});
    const auto metrics = scorer.result();
    CHECK(value(metrics, "pair_precision") == doctest::Approx(2.0 / 4));
    CHECK(value(metrics, "pair_recall") == doctest::Approx(2.0 / 3));
    CHECK(value(metrics, "f1") == doctest::Approx(2 * 2.0 / (4 + 3)));
    CHECK(metrics.scored == 2);
    CHECK(value(metrics, "hit@1") == 1);  // means stay those of scored queries
}

TEST_CASE("ndcg looks at ten answers and at ten of the true items") {
    Truth truth;
    std::vector<std::string> items;
    for (int i = 0; i < 12; ++i) {
        truth["q"].push_back({"t" + std::to_string(i), 1});
        items.push_back("t" + std::to_string(i));
    }
    Scorer scorer(truth, {10});
    scorer.add(answers("q", items));
    CHECK(value(scorer.result(), "ndcg@10") == doctest::Approx(1.0));
    CHECK(value(scorer.result(), "recall@10") == doctest::Approx(10.0 / 12));
}

TEST_CASE("a query that failed scores 0 and stays in the mean") {
    const Truth truth = {{"q1", {{"a", 1}}}, {"q2", {{"a", 1}}}};
    Scorer scorer(truth, {1});
    scorer.add(answers("q1", {"a"}));
    scorer.add({"q2", {}, true});
    const auto metrics = scorer.result();
    CHECK(metrics.scored == 2);
    CHECK(metrics.failed == 1);
    for (const auto& metric : metrics.values) {
        CAPTURE(metric.first);
        CHECK(metric.second == doctest::Approx(0.5));
    }
}

TEST_CASE("queries without truth and truth without a query are counted, not scored") {
    const Truth truth = {{"asked", {{"a", 1}}}, {"never", {{"a", 1}}}, {"empty", {{"a", 0}}}};
    Scorer scorer(truth, {1});
    scorer.add(answers("asked", {"a"}));
    scorer.add(answers("unknown", {"a"}));
    scorer.add(answers("empty", {"a"}));
    const auto metrics = scorer.result();
    CHECK(metrics.queries == 3);
    CHECK(metrics.scored == 1);
    CHECK(metrics.without_truth == 2);
    CHECK(metrics.truth_without_query == 1);
    CHECK(value(metrics, "hit@1") == 1);
    CHECK(value(metrics, "pair_recall@1") == 1);
}

TEST_CASE("an item that the truth names twice counts once") {
    const Truth truth = {{"q", {{"a", 1}, {"a", 2}}}};
    Scorer scorer(truth, {1});
    scorer.add(answers("q", {"a"}));
    CHECK(value(scorer.result(), "recall@1") == 1);
    CHECK(value(scorer.result(), "ndcg@10") == doctest::Approx(1.0));
}

TEST_CASE("the same query twice, the same item twice and a rank of 0 are refused") {
    const Truth truth = {{"q", {{"a", 1}}}};
    Scorer scorer(truth, {1});
    scorer.add(answers("q", {"a"}));
    CHECK_THROWS_WITH_AS(scorer.add(answers("q", {"a"})), "the query 'q' was answered twice",
                         Error);
    CHECK_THROWS_WITH_AS(scorer.add(answers("r", {"a", "b", "a"})),
                         "the query 'r' has the item 'a' twice among its answers", Error);
    CHECK_THROWS_AS(Scorer(truth, {1, 0}), UsageError);
}
