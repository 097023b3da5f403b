/// Metrics of a ranked list, as a table: a new one is a function and a row.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/common/ranked_answers.hpp"
#include "core/metrics/truth.hpp"

namespace pmatch {

/// A query's true items; duplicates in the truth count once, with the best grade.
class Grades {
public:
    explicit Grades(const std::vector<TruthItem>& items);

    std::size_t size() const { return of_.size(); }
    bool contains(const std::string& item) const { return of_.contains(item); }
    double of(const std::string& item) const;  ///< 0: not relevant
    std::vector<double> best_first() const;

private:
    std::unordered_map<std::string, double> of_;
};

/// One query's answers, judged by the truth.
class JudgedList {
public:
    JudgedList(const Grades& grades, const RankedList& answers);

    std::size_t answers() const { return gains_.size(); }
    std::size_t all_true() const { return ideal_.size(); }  ///< in the truth, found or not
    double found(std::size_t depth) const;  ///< relevant items among the first `depth`
    std::size_t first_true() const;  ///< index from 0 of the first relevant item; answers() if none
    double precision_sum(std::size_t depth) const;  ///< sum of the precisions at each relevant item
    double dcg(std::size_t depth) const;            ///< sum of grade / log2(rank + 1)
    double ideal_dcg(std::size_t depth) const;      ///< of the ideal ranking

private:
    std::vector<double> gains_;         ///< grades by index from 0; 0 for wrong answers
    std::vector<double> ideal_;         ///< grades of the truth, best first
    std::vector<std::size_t> true_at_;  ///< indexes from 0, ascending
};

struct RankMetric {
    enum class Ranks {
        kAll,       ///< one number, "mrr"
        kAt,        ///< one per requested K, "hit@5"
        kAtAndTen,  ///< the same, and always for 10
    };

    const char* name;    ///< name of the mean: "pair_recall"
    const char* column;  ///< name of a query's value: "found"
    Ranks ranks;
    /// The mean is over the true items of all queries (micro-average), not over queries.
    bool over_true_items;
    double (*value)(const JudgedList& list, std::size_t depth);  ///< `depth`: K; unused for kAll
};

/// A metric at one K.
struct RankColumn {
    const RankMetric* metric;
    int depth;  ///< K; 0 for kAll

    /// "hit@5"; only the name for kAll. `name` is the metric's `name` or `column`.
    std::string named(const char* name) const;
};

/// All metrics at the requested K, in display order; core/metrics/metrics.hpp has the definitions.
std::vector<RankColumn> rank_columns(const std::vector<int>& at);

}  // namespace pmatch
