#include "core/metrics/significance.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/common/error.hpp"
#include "core/common/random.hpp"

namespace pmatch {
namespace {

/// Numerator and denominator of a metric, for one query or many.
struct Parts {
    double over = 0;
    double under = 0;

    Parts& operator+=(const Parts& other) {
        over += other.over;
        under += other.under;
        return *this;
    }
    friend bool operator==(const Parts&, const Parts&) = default;
};

Parts parts(const RatioMetric& metric, std::span<const double> row) {
    Parts parts{row[metric.over], 0};
    for (const auto column : metric.under)
        parts.under += row[column];
    return parts;
}

double difference(const Parts& a, const Parts& b) {
    const auto value = [](const Parts& p) { return p.under > 0 ? p.over / p.under : 0; };
    return value(a) - value(b);
}

}  // namespace

double randomisation_p(const RatioMetric& metric, const ScoreTable& ours,
                       std::span<const std::uint32_t> our_queries, const ScoreTable& theirs,
                       std::span<const std::uint32_t> their_queries,
                       const RandomisationOptions& options) {
    if (our_queries.size() != their_queries.size() || ours.columns() != theirs.columns()) {
        throw Error{fmt::format("{} queries are to be compared with {} others", our_queries.size(),
                                their_queries.size()),
                    {},
                    "compare answers to the same queries"};
    }
    Parts our_sum;
    Parts their_sum;
    Parts equal;  // queries with equal results: swapping changes nothing
    std::vector<Parts> a;
    std::vector<Parts> b;
    for (std::size_t i = 0; i < our_queries.size(); ++i) {
        const auto one = parts(metric, ours.row(our_queries[i]));
        const auto other = parts(metric, theirs.row(their_queries[i]));
        our_sum += one;
        their_sum += other;
        if (one == other) {
            equal += one;
            continue;
        }
        a.push_back(one);
        b.push_back(other);
    }
    // Sums in a different order may differ by rounding: such rounds count as equal to the observed
    // one.
    const double observed = std::abs(difference(our_sum, their_sum)) - 1e-12;
    std::size_t as_large = 1;
    SplitMix64 random(options.seed);
    for (std::size_t round = 0; round < options.rounds; ++round) {
        Parts one = equal;
        Parts other = equal;
        std::uint64_t bits = 0;
        for (std::size_t i = 0; i < a.size(); ++i) {
            if (i % 64 == 0) bits = random.next();
            const bool exchange = ((bits >> (i % 64)) & 1U) != 0;
            one += exchange ? b[i] : a[i];
            other += exchange ? a[i] : b[i];
        }
        if (std::abs(difference(one, other)) >= observed) ++as_large;
    }
    return static_cast<double>(as_large) / static_cast<double>(options.rounds + 1);
}

}  // namespace pmatch
