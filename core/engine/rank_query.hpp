/// The rules that turn lists into answers, shared by queries, evaluation, matching and tuning.
#pragma once

#include <optional>
#include <vector>

#include "core/ranking/rank_lists.hpp"
#include "core/ranking/recipe.hpp"
#include "core/ranking/reciprocal_rank_boost.hpp"
#include "core/retrieval/retriever.hpp"

namespace pmatch {

/// The results of a recipe's lists for one query.
struct QueryLists {
    explicit QueryLists(const Recipe& recipe) : lists(recipe.lists.size()) {}

    /// Adds the result of list number `list` of the recipe. A list without a result was not
    /// queried.
    void take(std::size_t list, const ListSpec& spec, RetrievedList result);
    /// Nothing to rank: a required list failed, or all queried lists did. A query with several
    /// pictures is answered by those that could be read.
    bool failed() const;

    std::vector<std::vector<Neighbour>> lists;
    Problem problem;
    bool lost = false;  ///< a required list failed
};

/// How many answers are requested, and how they are ranked.
struct Wanted {
    int top = 10;
    bool batch = false;         ///< the queries of a request are ranked jointly (reciprocal ranks)
    bool exclude_self = false;  ///< drop the item that the query is, or that has its id

    /// Number of candidates that the recipe's lists must provide.
    int candidates(const Recipe& recipe) const;
    int candidates() const;  ///< of one that verifies nothing
    /// List depth for that many candidates.
    int depth(const Recipe& recipe, int candidates) const {
        return list_depth(recipe.fusion, candidates) + (exclude_self ? 1 : 0);
    }
};

/// Whether a later stage of the recipe changes the fused scores.
inline bool scores_change(const Recipe& recipe) {
    return recipe.rescore || recipe.verify;
}

/// All candidates, whatever their score.
RankOptions every_candidate();

/// Options of the first ranking. If a later stage (the recipe's verification or re-ranker, the
/// reciprocal ranks of a batch) changes the scores, filtering is left to that stage.
RankOptions candidate_options(const Recipe& recipe, const Wanted& wanted, int candidates);

/// Options for candidates that the re-ranker has scored and the batch stage will score again.
RankOptions kept_for_batch(const Recipe& recipe, int top);

/// Rescores all candidates of a batch: by the recipe's model, or by the reciprocal ranks of the
/// queries. Does not reorder.
void score_in_batch(const Recipe& recipe, std::vector<Candidates>& candidates);

}  // namespace pmatch
