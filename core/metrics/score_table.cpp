#include "core/metrics/score_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "core/common/error.hpp"
#include "core/metrics/rank_metrics.hpp"

namespace pmatch {

std::size_t ScoreTable::add_column(std::string name) {
    columns_.push_back(std::move(name));
    return columns_.size() - 1;
}

ScoreTable::ScoreTable(const ScoreColumns& columns) {
    const auto scored = add_column("scored");
    const auto all_true = add_column("true");
    for (const auto& one : rank_columns(columns.at)) {
        const auto column = add_column(one.named(one.metric->column));
        metrics_.push_back({one.named(one.metric->name),
                            column,
                            {one.metric->over_true_items ? all_true : scored},
                            1});
    }
    if (!columns.threshold) return;
    const auto predicted = add_column("predicted");
    const auto both = add_column("true_positives");
    metrics_.push_back({"pair_precision", both, {predicted}, 1});
    metrics_.push_back({"pair_recall", both, {all_true}, 1});
    metrics_.push_back({"f1", both, {predicted, all_true}, 2});
}

std::optional<std::size_t> ScoreTable::column(std::string_view name) const {
    const auto found = std::find(columns_.begin(), columns_.end(), name);
    if (found == columns_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - columns_.begin());
}

const RatioMetric* ScoreTable::metric(std::string_view name) const {
    const auto found = std::find_if(metrics_.begin(), metrics_.end(),
                                    [&](const RatioMetric& m) { return m.name == name; });
    return found == metrics_.end() ? nullptr : &*found;
}

void ScoreTable::add(std::string query, std::span<const double> values) {
    if (values.size() != columns_.size()) {
        throw Error{fmt::format("the query '{}' has {} values, the columns are {}", query,
                                values.size(), columns_.size()),
                    {},
                    "give a value for each column"};
    }
    queries_.push_back(std::move(query));
    values_.insert(values_.end(), values.begin(), values.end());
}

QueryNumbers ScoreTable::all() const {
    QueryNumbers numbers(size());
    std::iota(numbers.begin(), numbers.end(), 0U);
    return numbers;
}

std::vector<double> ScoreTable::sums(std::span<const std::uint32_t> queries) const {
    std::vector<double> sums(columns_.size());
    for (const auto number : queries) {
        const auto values = row(number);
        for (std::size_t i = 0; i < sums.size(); ++i)
            sums[i] += values[i];
    }
    return sums;
}

double ScoreTable::value(const RatioMetric& metric, std::span<const double> sums) {
    double under = 0;
    for (const auto column : metric.under)
        under += sums[column];
    return under > 0 ? metric.times * sums[metric.over] / under : 0;
}

std::vector<double> ScoreTable::values(std::span<const std::uint32_t> queries) const {
    const auto totals = sums(queries);
    std::vector<double> values;
    for (const auto& metric : metrics_)
        values.push_back(value(metric, totals));
    return values;
}

}  // namespace pmatch
