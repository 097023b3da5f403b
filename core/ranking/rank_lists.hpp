/// The one ranking engine: ranked lists in, ranked items out, as a recipe says.
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
    int candidates = 0;  ///< lists are as deep as for so many answers, when that is more than top
    std::optional<double> min_score = {};  ///< overrules the recipe's
    /// The group an item belongs to; empty = none, the item stands for itself. Unset: no groups.
    std::function<std::string(std::int64_t row)> group_of = {};
    std::optional<std::int64_t> exclude = {};  ///< as if this row were not in the catalog
};

/// Orders equal scores: ascending bytes.
using IdOfRow = std::function<const std::string&(std::int64_t row)>;

/// How many hits of each list the recipe looks at for so many answers.
int list_depth(const FusionOptions& fusion, int top);

/// `lists[i]` are the hits for recipe.lists[i]: list_depth() of top or candidates (one more with
/// `exclude`) and what is tied with the last, or fewer; or the score of every item
/// (wants_complete_lists()) in any order. A list without hits takes no part. At most `top` items,
/// best first.
std::vector<RankedItem> rank_lists(const Recipe& recipe, std::vector<std::vector<Neighbour>> lists,
                                   const RankOptions& options, const IdOfRow& id_of);

/// Best first by the recipe's rule for equal scores, without what is below the threshold, the best
/// of each group, at most options.top. rank_lists() ends with it; after scores were changed it is
/// called again. Items with equal scores keep their order where the recipe goes by who was met
/// first.
void order_answers(std::vector<RankedItem>& items, const Recipe& recipe, const RankOptions& options,
                   const IdOfRow& id_of);

}  // namespace pmatch
