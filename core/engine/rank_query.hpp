/// The rules by which lists become answers, for whoever ranks: a query, an evaluation, a match, or
/// a recipe that is tried.
#pragma once

#include <optional>
#include <vector>

#include "core/ranking/rank_lists.hpp"
#include "core/ranking/recipe.hpp"
#include "core/ranking/reciprocal_rank_boost.hpp"
#include "core/retrieval/retriever.hpp"

namespace pmatch {

/// What the lists of a recipe gave for one query.
struct QueryLists {
    explicit QueryLists(const Recipe& recipe) : lists(recipe.lists.size()) {}

    /// The result of the list of that number in the recipe. A list that is not given was not asked.
    void take(std::size_t list, const ListSpec& spec, RetrievedList result);
    /// Nothing to rank: a list that the recipe needs failed, or all that were asked did. A query
    /// with several pictures is answered by those that could be read.
    bool failed() const;

    std::vector<std::vector<Neighbour>> lists;
    Problem problem;
    bool lost = false;  ///< a list that the recipe needs failed
};

/// How many answers are wanted, and how they are come by.
struct Wanted {
    int top = 10;
    bool batch = false;         ///< the queries of a request rank each other's items
    bool exclude_self = false;  ///< the item that a query is, or that has its id, is no answer

    /// Answers that lists must be deep enough for.
    int candidates() const;
    /// How deep lists are for so many candidates.
    int depth(const Recipe& recipe, int candidates) const {
        return list_depth(recipe.fusion, candidates) + (exclude_self ? 1 : 0);
    }
};

/// Of the first ranking. Where something else scores what it finds (the other queries of a batch,
/// the recipe's model) it leaves the choice to that.
RankOptions candidate_options(const Recipe& recipe, const Wanted& wanted, int candidates);

/// Of what a recipe's model scored and the other queries of a batch shall score again.
RankOptions kept_for_batch(const Recipe& recipe, int top);

/// Scores all candidates of a batch anew: by the recipe's model, or by their ranks among the
/// queries. Orders are not changed.
void score_in_batch(const Recipe& recipe, std::vector<Candidates>& candidates);

}  // namespace pmatch
