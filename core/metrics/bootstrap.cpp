#include "core/metrics/bootstrap.hpp"

#include <algorithm>
#include <cmath>

#include "core/common/random.hpp"

namespace pmatch {
namespace {

/// `sorted` must not be empty; linear interpolation, as NumPy's default.
double quantile(const std::vector<double>& sorted, double share) {
    const double at = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(std::floor(at));
    const auto above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (at - std::floor(at)) * (sorted[above] - sorted[below]);
}

}  // namespace

std::vector<Interval> bootstrap_intervals(const ScoreTable& table,
                                          std::span<const std::uint32_t> queries,
                                          const BootstrapOptions& options) {
    if (queries.empty() || options.resamples == 0) return {};
    const auto& metrics = table.metrics();
    std::vector<std::vector<double>> drawn(metrics.size());
    for (auto& values : drawn)
        values.reserve(options.resamples);

    SplitMix64 random(options.seed);
    const auto count = static_cast<std::uint32_t>(queries.size());
    std::vector<std::uint32_t> times(count);
    std::vector<double> sums(table.columns().size());
    for (std::size_t resample = 0; resample < options.resamples; ++resample) {
        // Count how often each query was drawn, so that the table is read in order.
        std::fill(times.begin(), times.end(), 0);
        for (std::uint32_t i = 0; i < count; ++i)
            ++times[random.below(count)];
        std::fill(sums.begin(), sums.end(), 0);
        for (std::uint32_t i = 0; i < count; ++i) {
            if (times[i] == 0) continue;
            const double weight = times[i];
            const double* values = table.row(queries[i]).data();
            for (std::size_t c = 0; c < sums.size(); ++c)
                sums[c] += weight * values[c];
        }
        for (std::size_t m = 0; m < metrics.size(); ++m)
            drawn[m].push_back(ScoreTable::value(metrics[m], sums));
    }

    std::vector<Interval> intervals;
    const double tail = (1 - options.level) / 2;
    for (auto& values : drawn) {
        std::sort(values.begin(), values.end());
        intervals.push_back({quantile(values, tail), quantile(values, 1 - tail)});
    }
    return intervals;
}

}  // namespace pmatch
