#include "core/bootstrap.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "core/random.hpp"

using namespace pmatch;

namespace {

/// Columns by name; what is not named is 0.
void add(ScoreTable& table, const std::string& query,
         const std::vector<std::pair<std::string, double>>& values) {
    std::vector<double> row(table.columns().size());
    row[*table.column("scored")] = 1;
    for (const auto& [name, value] : values)
        row[*table.column(name)] = value;
    table.add(query, row);
}

std::size_t index_of(const ScoreTable& table, const std::string& metric) {
    return static_cast<std::size_t>(table.metric(metric) - table.metrics().data());
}

}  // namespace

TEST_CASE("the interval of a share is that of the normal approximation") {
    ScoreTable table({{1}, std::nullopt});
    constexpr int kQueries = 4000;
    for (int i = 0; i < kQueries; ++i)
        add(table, std::to_string(i), {{"hit@1", i % 4 == 0 ? 0 : 1}});
    const auto interval = bootstrap_intervals(table, table.all())[index_of(table, "hit@1")];
    const double half = 1.96 * std::sqrt(0.75 * 0.25 / kQueries);
    CHECK(interval.low == doctest::Approx(0.75 - half).epsilon(0.004));
    CHECK(interval.high == doctest::Approx(0.75 + half).epsilon(0.004));
}

TEST_CASE("intervals of nominally 95 % hold the true value about that often") {
    SplitMix64 random(3);
    int held = 0;
    constexpr int kTrials = 300;
    for (int trial = 0; trial < kTrials; ++trial) {
        ScoreTable table({{1}, std::nullopt});
        for (int i = 0; i < 200; ++i)
            add(table, std::to_string(i), {{"mrr", random.below(1000) / 999.0}});
        BootstrapOptions options;
        options.seed = static_cast<std::uint64_t>(trial);
        const auto interval =
            bootstrap_intervals(table, table.all(), options)[index_of(table, "mrr")];
        if (interval.low <= 0.5 && 0.5 <= interval.high) ++held;
    }
    CHECK(held >= kTrials * 0.91);
    CHECK(held <= kTrials * 0.985);
}

TEST_CASE("shares of pairs are resampled by query: a query brings all its pairs") {
    ScoreTable table({{1}, std::nullopt});
    add(table, "many", {{"true", 100}, {"found@1", 100}});
    add(table, "few", {{"true", 1}, {"found@1", 0}});
    const auto interval = bootstrap_intervals(table, table.all())[index_of(table, "pair_recall@1")];
    CHECK(interval.low == 0);   // "few" twice
    CHECK(interval.high == 1);  // "many" twice
}

/// The ends by another implementation (Python, NumPy's quantiles).
TEST_CASE("a seed gives the same intervals in every year") {
    ScoreTable table({{1, 5}, 0.5});
    for (int i = 0; i < 50; ++i)
        add(table, std::to_string(i), {{"mrr", 1.0 / (1 + i % 7)}, {"hit@5", i % 3 ? 1 : 0}});
    const auto mrr = index_of(table, "mrr");
    const auto first = bootstrap_intervals(table, table.all(), {1000, 1, 0.95})[mrr];
    CHECK(first.low == doctest::Approx(0.31417857142857136).epsilon(1e-12));
    CHECK(first.high == doctest::Approx(0.46667500000000006).epsilon(1e-12));
    const auto second = bootstrap_intervals(table, table.all(), {1000, 2, 0.95})[mrr];
    CHECK(second.low == doctest::Approx(0.30998095238095236).epsilon(1e-12));
    CHECK(second.high == doctest::Approx(0.4637904761904762).epsilon(1e-12));
    CHECK(bootstrap_intervals(table, table.all(), {0, 1, 0.95}).empty());
    CHECK(bootstrap_intervals(table, {}).empty());
}

TEST_CASE("a thousand resamples of 15,000 queries are no wait") {
    ScoreTable table({{1, 5, 10}, 0.5});
    for (int i = 0; i < 15'000; ++i)
        add(table, std::to_string(i), {{"mrr", 1.0 / (1 + i % 9)}});
    double best = 1e9;  // of some runs: other programs have their turns, too
    for (int run = 0; run < 5 && best >= 1; ++run) {
        const auto start = std::chrono::steady_clock::now();
        bootstrap_intervals(table, table.all());
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        best = std::min(best, took.count());
    }
    MESSAGE("15,000 queries, 1,000 resamples: " << best << " s");
#ifdef NDEBUG
    CHECK(best < 1);
#endif
}
