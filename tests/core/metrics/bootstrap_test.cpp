#include "core/metrics/bootstrap.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <functional>
#include <numeric>

#include "core/common/random.hpp"

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

/// What the processor spent on it, not what the clock showed.
double processor_seconds(const std::function<void()>& work) {
    const auto start = std::clock();
    work();
    return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

/// The least that `times` resamples of `count` queries need.
void draw(int times, std::uint32_t count) {
    SplitMix64 random(1);
    std::vector<std::uint32_t> drawn(count);
    for (int i = 0; i < times; ++i) {
        for (std::uint32_t n = 0; n < count; ++n)
            ++drawn[random.below(count)];
    }
    CHECK(std::accumulate(drawn.begin(), drawn.end(), std::uint64_t{0}) ==
          static_cast<std::uint64_t>(times) * count);
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

TEST_CASE("a thousand resamples of 15,000 queries cost little more than drawing their numbers") {
    ScoreTable table({{1, 5, 10}, 0.5});
    for (int i = 0; i < 15'000; ++i)
        add(table, std::to_string(i), {{"mrr", 1.0 / (1 + i % 9)}});
    // Against the same machine, in the same minute, and the least of some runs: other programs have
    // their turns, too.
    double resampling = 1e9;
    double drawing = 1e9;
    for (int run = 0; run < 5; ++run) {
        drawing = std::min(drawing, processor_seconds([] { draw(1000, 15'000); }));
        resampling = std::min(resampling,
                              processor_seconds([&] { bootstrap_intervals(table, table.all()); }));
    }
    MESSAGE("15,000 queries, 1,000 resamples: " << resampling << " s; the numbers " << drawing
                                                << " s");
    CHECK(resampling < 30 * drawing);
}
