/// Quality metrics of ranked answers, given the truth.
///
/// With T(q) the true items of query q (grade above 0), R = |T(q)| and rank counted from 1:
///   hit@K         share of queries with a true item among the first K  (success_K)
///   recall@K      mean share of T(q) among the first K                 (recall_K)
///   pair_recall@K true pairs among the first K / all true pairs
///   precision@K   mean of true items among the first K, / K            (P_K)
///   ndcg@K        mean of DCG / ideal DCG over the first K, DCG = sum of
///                 grade / log2(rank + 1); K = 10 is always there       (ndcg_cut_K)
///   mrr           mean of 1 / rank of the first true item              (recip_rank)
///   map           mean of the sum of precision at each true item found, / R   (map)
///   map@r         the same over the first R answers only               (map_cut at K = R)
///   r_precision   mean share of T(q) among the first R                 (Rprec)
///   pair_precision, pair_recall, f1   over pairs (query, item): those answered with a score of
///                 the threshold or more against those of the truth
/// Names in brackets are those of NIST's trec_eval 9, whose definitions these follow; its grades
/// are integers, ours need not be. mrr and map consider all answers of a query. Means are over the
/// scored queries: those that were asked and have a true item. A failed query has no answers, so it
/// scores 0. The three threshold metrics also include answers to queries without truth: such a pair
/// is a false positive.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/common/ranked_answers.hpp"
#include "core/metrics/rank_metrics.hpp"
#include "core/metrics/score_table.hpp"
#include "core/metrics/truth.hpp"

namespace pmatch {

struct Metrics {
    std::size_t queries = 0;  ///< queries asked
    std::size_t scored = 0;   ///< of these, with a true item
    std::size_t failed = 0;   ///< of these, not answered; included in `scored` if they have truth
    std::size_t without_truth = 0;        ///< asked, but without truth
    std::size_t truth_without_query = 0;  ///< in the truth, never asked; not in any mean
    /// In the order of ScoreTable::metrics(). All 0 if nothing was scored.
    std::vector<std::pair<std::string, double>> values;
};

/// Takes one query at a time and keeps one row of numbers for each (about 200 bytes).
class Scorer {
public:
    /// `truth` must outlive the scorer. Throws UsageError unless each K is 1 or more.
    Scorer(const Truth& truth, ScoreColumns columns);
    Scorer(const Truth& truth, std::vector<int> at)
        : Scorer(truth, ScoreColumns{std::move(at), std::nullopt}) {}

    /// Throws Error if a query or an item of a list is repeated.
    void add(const QueryAnswers& query);

    /// The queries that have truth, in order of arrival; with a threshold all queries.
    const ScoreTable& table() const { return table_; }
    const ScoreColumns& columns() const { return columns_; }
    Metrics result() const;

private:
    const Truth& truth_;
    ScoreColumns columns_;
    ScoreTable table_;
    std::vector<RankColumn> rank_columns_;  ///< as in table_
    Metrics counts_;
    std::unordered_set<std::string> seen_;  ///< query ids
};

}  // namespace pmatch
