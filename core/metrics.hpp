/// How good ranked answers are, given the truth.
///
/// With T(q) the true items of query q (grade above 0) and rank counted from 1:
///   hit@K         share of queries with a true item among the first K
///   recall@K      mean share of T(q) among the first K              (trec_eval's recall_K)
///   pair_recall@K true pairs among the first K / all true pairs
///   mrr           mean of 1 / rank of the first true item           (recip_rank)
///   map           mean of the sum of precision at each true item found, / |T(q)|       (map)
///   ndcg@10       mean of DCG / ideal DCG over the first 10, DCG = sum of
///                 grade / log2(rank + 1)                            (ndcg_cut_10)
/// Names in brackets are those of NIST's trec_eval 9, whose definitions these are; its grades
/// are whole numbers, ours need not be. mrr and map see as many answers as a query has.
/// Means are over the scored queries: those that were asked and have a true item. One that failed
/// has no answers, so it scores 0.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/ranking.hpp"
#include "core/truth.hpp"

namespace pmatch {

struct Metrics {
    std::size_t queries = 0;              ///< asked
    std::size_t scored = 0;               ///< asked, and the truth has an item for them
    std::size_t failed = 0;               ///< asked, not answered; part of `scored` if in the truth
    std::size_t without_truth = 0;        ///< asked, nothing to score against
    std::size_t truth_without_query = 0;  ///< in the truth, never asked; no part of any mean
    /// hit@K…, recall@K…, pair_recall@K…, mrr, map, ndcg@10. All 0 when nothing was scored.
    std::vector<std::pair<std::string, double>> values;
};

/// Takes one query at a time and keeps sums only, besides the ids it has seen.
class Scorer {
public:
    /// `truth` must outlive the scorer. `at` lists the K; UsageError unless each is 1 or more.
    Scorer(const Truth& truth, std::vector<int> at);

    /// Throws Error when a query comes twice or a list has an item twice.
    void add(const QueryAnswers& query);

    Metrics result() const;

private:
    struct Grades;
    void score(const Grades& grades, const RankedList& answers);

    const Truth& truth_;
    std::vector<int> at_;
    Metrics counts_;
    std::unordered_set<std::string> seen_;  ///< query ids
    std::vector<double> hits_;              ///< sums over scored queries, one per K
    std::vector<double> recalls_;
    std::vector<double> pairs_;
    double all_pairs_ = 0;
    double reciprocal_ranks_ = 0;
    double average_precisions_ = 0;
    double ndcgs_ = 0;
};

}  // namespace pmatch
