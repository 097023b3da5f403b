/// The ranking engine: fuses ranked lists into ranked items according to a recipe.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/ranking/fusion.hpp"
#include "core/ranking/recipe.hpp"

namespace pmatch {

struct RankOptions {
    int top = 10;
    int candidates = 0;  ///< lists are retrieved for that many answers, if more than top
    std::optional<double> min_score = {};  ///< overrides the recipe's
    /// The group of an item; empty = none, the item stands for itself. Unset: no grouping.
    std::function<std::string(std::int64_t row)> group_of = {};
    std::optional<std::int64_t> exclude = {};  ///< this row is ignored
};

/// For breaking ties: ascending bytes.
using IdOfRow = std::function<const std::string&(std::int64_t row)>;

/// Required depth of each list for that many answers.
int list_depth(const FusionOptions& fusion, int top);

/// `lists[i]` are the hits for recipe.lists[i]: list_depth() of top or candidates (plus one with
/// `exclude`) including ties of the last, or fewer; or the scores of all items
/// (wants_complete_lists()) in any order. Lists without hits are ignored. Returns at most `top`
/// items, best first.
std::vector<RankedItem> rank_lists(const Recipe& recipe, std::vector<std::vector<Neighbour>> lists,
                                   const RankOptions& options, const IdOfRow& id_of);

/// Sorts best first with the recipe's tie-breaking rule, drops items below the threshold, keeps the
/// best of each group, and truncates at options.top. Called by rank_lists(), and again after scores
/// were changed. Tied items keep their order if the recipe prefers the first occurrence.
void order_answers(std::vector<RankedItem>& items, const Recipe& recipe, const RankOptions& options,
                   const IdOfRow& id_of);

/// The first item of each group of options.group_of.
void keep_best_of_each_group(std::vector<RankedItem>& items, const RankOptions& options);

}  // namespace pmatch
