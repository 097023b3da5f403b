/// Per-query components of metrics, and metrics over any subset of the queries.
///
/// Every metric is a ratio of sums over queries, so that means, micro-averages and F1 are
/// aggregated, resampled and compared by the same code: `hit@1` is the sum of column `hit@1` over
/// the sum of column `scored`, `f1` is 2 × `true_positives` over `predicted` + `true`.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pmatch {

struct ScoreColumns {
    std::vector<int> at;              ///< the values of K, each 1 or more
    std::optional<double> threshold;  ///< adds pair_precision, pair_recall and f1 at this score

    /// Number of answers to retrieve: 100 for mrr and map, or the largest K.
    int depth() const {
        constexpr int kDepth = 100;
        return at.empty() ? kDepth : std::max(kDepth, *std::max_element(at.begin(), at.end()));
    }

    friend bool operator==(const ScoreColumns&, const ScoreColumns&) = default;
};

/// times × sum of column `over` / sum of the columns `under`; 0 if the denominator is 0.
struct RatioMetric {
    std::string name;
    std::size_t over = 0;
    std::vector<std::size_t> under;
    double times = 1;
};

using QueryNumbers = std::vector<std::uint32_t>;  ///< positions in a ScoreTable

class ScoreTable {
public:
    explicit ScoreTable(const ScoreColumns& columns);

    /// "scored", "true", hit@K…, recall@K…, precision@K…, ndcg@K…, found@K…, mrr, map, map@r,
    /// r_precision and, with a threshold, predicted, true_positives. The counts are of items:
    /// `true` in the truth, `found@K` true among the first K, `predicted` scored at least the
    /// threshold, `true_positives` both; `scored` is 1 for a query that has truth, else 0.
    const std::vector<std::string>& columns() const { return columns_; }
    /// In display order.
    const std::vector<RatioMetric>& metrics() const { return metrics_; }
    /// Empty if there is no such column.
    std::optional<std::size_t> column(std::string_view name) const;
    const RatioMetric* metric(std::string_view name) const;

    /// `values` in the order of columns().
    void add(std::string query, std::span<const double> values);

    std::size_t size() const { return queries_.size(); }
    const std::string& query(std::size_t number) const { return queries_[number]; }
    std::span<const double> row(std::size_t number) const {
        return {values_.data() + number * columns_.size(), columns_.size()};
    }

    QueryNumbers all() const;
    /// Sums of every column over these queries.
    std::vector<double> sums(std::span<const std::uint32_t> queries) const;
    static double value(const RatioMetric& metric, std::span<const double> sums);
    /// One value per metric of metrics().
    std::vector<double> values(std::span<const std::uint32_t> queries) const;

private:
    std::size_t add_column(std::string name);

    std::vector<std::string> columns_;
    std::vector<RatioMetric> metrics_;
    std::vector<std::string> queries_;
    std::vector<double> values_;  ///< [queries, columns]
};

}  // namespace pmatch
