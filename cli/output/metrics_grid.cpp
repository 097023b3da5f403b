#include <fmt/format.h>

#include <algorithm>

#include "cli/output/metrics_printer.hpp"
#include "core/metrics/rank_metrics.hpp"

namespace pmatch::cli {
namespace {

using Grid = std::vector<std::vector<std::string>>;

struct Name {
    std::string metric;
    std::string at;  ///< "5" in "hit@5"; empty for "mrr" and "map@r"
};

Name split(const std::string& name) {
    const auto at = name.find('@');
    if (at == std::string::npos || name == "map@r") return {name, ""};
    return {name.substr(0, at), name.substr(at + 1)};
}

/// Bound of an interval: ".667" for 0.6671, "1" for 1.
std::string end(double value) {
    auto text = fmt::format("{:.3f}", value);
    return text.starts_with("0.") ? text.substr(1) : text == "1.000" ? "1" : text;
}

/// The K of all metrics, in the requested order.
std::vector<std::string> ranks(const Evaluation& evaluation) {
    std::vector<std::string> ranks;
    for (const auto& [metric, depth] : rank_columns(evaluation.columns.at)) {
        if (metric->ranks == RankMetric::Ranks::kAll) continue;
        const auto rank = std::to_string(depth);
        if (std::find(ranks.begin(), ranks.end(), rank) == ranks.end()) ranks.push_back(rank);
    }
    return ranks;
}

std::optional<double> value_of(const Evaluation& evaluation, const SliceResult& slice,
                               const std::string& metric) {
    for (std::size_t i = 0; i < slice.values.size(); ++i) {
        if (evaluation.metrics.values[i].first == metric) return slice.values[i];
    }
    return std::nullopt;
}

}  // namespace

Grid check_grid(const Evaluation& evaluation) {
    Grid grid{{"gate", "check", "measured", "wanted"}};
    for (const auto& check : evaluation.checks) {
        const double other = check.baseline.value_or(check.bound.value);
        auto measured = format_distinct(check.value, other);
        if (check.p) measured += fmt::format(" (p = {:.4f})", *check.p);
        grid.push_back({check.failed() ? "FAILED" : "passed", check.bound.subject(),
                        std::move(measured), check.wanted()});
    }
    return grid;
}

Grid metric_grid(const Evaluation& evaluation) {
    const auto columns = ranks(evaluation);
    Grid grid{{"metric"}};
    for (const auto& rank : columns)
        grid.front().push_back("@" + rank);
    grid.front().emplace_back("all");
    const std::vector<std::string> empty(grid.front().size());
    std::vector<std::string> cells;
    std::vector<std::string> intervals;
    const auto flush = [&] {
        if (cells.empty()) return;
        grid.push_back(cells);
        if (!evaluation.intervals.empty()) grid.push_back(intervals);
    };
    for (std::size_t i = 0; i < evaluation.metrics.values.size(); ++i) {
        const auto& [name, value] = evaluation.metrics.values[i];
        const auto [metric, rank] = split(name);
        if (cells.empty() || cells.front() != metric) {
            flush();
            cells = intervals = empty;
            cells.front() = metric;
        }
        const auto found = std::find(columns.begin(), columns.end(), rank) - columns.begin();
        const auto column = static_cast<std::size_t>(found) + 1;
        cells[column] = fmt::format("{:.4f}", value);
        if (evaluation.intervals.empty()) continue;
        const auto& interval = evaluation.intervals[i];
        intervals[column] = end(interval.low) + "–" + end(interval.high);
    }
    flush();
    return grid;
}

Grid slice_grid(const Evaluation& evaluation, const std::string& field) {
    std::vector<std::string> metrics;
    for (const int k : evaluation.columns.at)
        metrics.push_back(fmt::format("recall@{}", k));
    metrics.insert(metrics.end(), {"mrr", "ndcg@10"});
    if (evaluation.columns.threshold) metrics.emplace_back("f1");
    Grid grid{{field, "scored"}};
    grid.front().insert(grid.front().end(), metrics.begin(), metrics.end());
    for (const auto& slice : evaluation.slices) {
        if (slice.name.field != field) continue;
        std::vector<std::string> cells{slice.name.value.empty() ? "(none)" : slice.name.value,
                                       std::to_string(slice.scored)};
        for (const auto& metric : metrics) {
            const auto value = value_of(evaluation, slice, metric);
            cells.push_back(value ? fmt::format("{:.4f}", *value) : "");
        }
        grid.push_back(std::move(cells));
    }
    return grid;
}

std::vector<std::string> slice_fields(const Evaluation& evaluation) {
    std::vector<std::string> fields;
    for (const auto& slice : evaluation.slices) {
        if (fields.empty() || fields.back() != slice.name.field) {
            fields.push_back(slice.name.field);
        }
    }
    return fields;
}

std::string counts_line(const Evaluation& evaluation) {
    const auto& metrics = evaluation.metrics;
    auto line = fmt::format("{} queries, {} scored, {} without truth, {} failed", metrics.queries,
                            metrics.scored, metrics.without_truth, metrics.failed);
    if (evaluation.source.depth > 0) {
        line += fmt::format("; preset {}, {} answers a query", evaluation.source.preset,
                            evaluation.source.depth);
    }
    if (evaluation.columns.threshold) {
        line += fmt::format("; pairs with a score of {} or more", *evaluation.columns.threshold);
    }
    if (!evaluation.intervals.empty()) {
        line += fmt::format("; {:.0f} % intervals of {} resamples",
                            100 * evaluation.bootstrap.level, evaluation.bootstrap.resamples);
    }
    return line;
}

}  // namespace pmatch::cli
