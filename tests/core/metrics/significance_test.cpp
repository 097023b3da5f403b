#include "core/metrics/significance.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/common/error.hpp"
#include "core/common/random.hpp"

using namespace pmatch;

namespace {

ScoreTable table_of(const std::vector<double>& hits) {
    ScoreTable table({{1}, std::nullopt});
    for (std::size_t i = 0; i < hits.size(); ++i) {
        std::vector<double> row(table.columns().size());
        row[*table.column("scored")] = 1;
        row[*table.column("hit@1")] = hits[i];
        table.add(std::to_string(i), row);
    }
    return table;
}

double p(const std::vector<double>& ours, const std::vector<double>& theirs,
         std::uint64_t seed = 1) {
    const auto a = table_of(ours);
    const auto b = table_of(theirs);
    return randomisation_p(*a.metric("hit@1"), a, a.all(), b, b.all(), {10'000, seed});
}

/// Two-sided sign test over `wins` and `losses`: what randomisation is for differences of ±1.
double exact_p(int wins, int losses) {
    const int n = wins + losses;
    double tail = 0;
    for (int k = 0; k <= n; ++k) {
        if (std::abs(2 * k - n) < std::abs(wins - losses)) continue;
        tail += std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1) -
                         n * std::log(2));
    }
    return tail;
}

}  // namespace

TEST_CASE("differences of ±1 have the exact p-value of the sign test") {
    const std::vector<std::pair<int, int>> cases = {{5, 0}, {8, 2}, {12, 5}, {30, 15}, {3, 3}};
    for (const auto& [wins, losses] : cases) {
        std::vector<double> ours(50, 1);
        std::vector<double> theirs(50, 1);
        for (int i = 0; i < wins; ++i)
            theirs[static_cast<std::size_t>(i)] = 0;
        for (int i = wins; i < wins + losses; ++i)
            ours[static_cast<std::size_t>(i)] = 0;
        CAPTURE(wins);
        CAPTURE(losses);
        CHECK(p(ours, theirs) == doctest::Approx(exact_p(wins, losses)).epsilon(0.12));
        CHECK(p(theirs, ours) == p(ours, theirs));
    }
}

TEST_CASE("equal results are no difference") {
    CHECK(p({1, 0, 1}, {1, 0, 1}) == 1);
}

TEST_CASE("without a difference p is spread evenly") {
    SplitMix64 random(5);
    int below = 0;
    constexpr int kTrials = 200;
    for (int trial = 0; trial < kTrials; ++trial) {
        std::vector<double> ours;
        std::vector<double> theirs;
        for (int i = 0; i < 100; ++i) {
            ours.push_back(random.below(1000) / 1000.0);
            theirs.push_back(random.below(1000) / 1000.0);
        }
        const auto a = table_of(ours);
        const auto b = table_of(theirs);
        if (randomisation_p(*a.metric("hit@1"), a, a.all(), b, b.all(), {500, 7}) < 0.05) ++below;
    }
    CHECK(below <= 22);  // 10 expected; more than 22 has a chance of one in 5,000
    CHECK(below >= 2);
}

TEST_CASE("other queries cannot be compared") {
    const auto a = table_of({1, 0});
    const auto b = table_of({1});
    CHECK_THROWS_AS(randomisation_p(*a.metric("hit@1"), a, a.all(), b, b.all()), Error);
}
