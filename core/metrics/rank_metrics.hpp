/// The metrics of a ranked list as a table: a new one is a function and a row of it.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/common/ranked_answers.hpp"
#include "core/metrics/truth.hpp"

namespace pmatch {

/// A query's true items; an item that the truth lists twice counts once, with its best grade.
class Grades {
public:
    explicit Grades(const std::vector<TruthItem>& items);

    std::size_t size() const { return of_.size(); }
    bool contains(const std::string& item) const { return of_.contains(item); }
    double of(const std::string& item) const;  ///< 0: not a true one
    std::vector<double> best_first() const;

private:
    std::unordered_map<std::string, double> of_;
};

/// One query's answers as the truth sees them.
class JudgedList {
public:
    JudgedList(const Grades& grades, const RankedList& answers);

    std::size_t answers() const { return gains_.size(); }
    std::size_t all_true() const { return ideal_.size(); }  ///< in the truth, found or not
    double found(std::size_t depth) const;                  ///< true ones among the first `depth`
    std::size_t first_true() const;                         ///< its index from 0; answers(): none
    double precision_sum(std::size_t depth) const;          ///< precision at each true one, summed
    double dcg(std::size_t depth) const;                    ///< sum of grade / log2(rank + 1)
    double ideal_dcg(std::size_t depth) const;              ///< that of the best order there is

private:
    std::vector<double> gains_;         ///< grade by index from 0; 0 where the answer is wrong
    std::vector<double> ideal_;         ///< grades of the truth, best first
    std::vector<std::size_t> true_at_;  ///< indexes from 0, ascending
};

struct RankMetric {
    enum class Ranks {
        kAll,       ///< one number, "mrr"
        kAt,        ///< one for each K that is asked for, "hit@5"
        kAtAndTen,  ///< and always one for 10
    };

    const char* name;    ///< of the mean: "pair_recall"
    const char* column;  ///< of a query's number: "found"
    Ranks ranks;
    /// The mean is over true items of all queries, not over queries.
    bool over_true_items;
    double (*value)(const JudgedList& list, std::size_t depth);  ///< `depth`: K; for kAll unused
};

/// In the order that is printed; the definitions are in core/metrics/metrics.hpp.
std::span<const RankMetric> rank_metrics();

/// The K of a metric when `at` are asked for; {0} for kAll.
std::vector<int> depths_of(const RankMetric& metric, const std::vector<int>& at);

/// "hit@5"; just the name for kAll.
std::string name_at(const char* name, const RankMetric& metric, int depth);

}  // namespace pmatch
