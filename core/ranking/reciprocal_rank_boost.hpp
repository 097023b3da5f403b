/// How an item ranks the queries in return, when many are known at once: an offer that is the best
/// match of an item is more likely its product than one of many that come near.
#pragma once

#include <vector>

#include "core/ranking/fusion.hpp"

namespace pmatch {

/// What `--batch` takes: so many answers a query and its items look at, and what the items' view
/// weighs.
inline constexpr int kBatchCandidates = 100;
inline constexpr double kReturnWeight = 0.4;

/// Candidates of one query.
using Candidates = std::vector<RankedItem>;

/// Adds weight * best / r to every score: `best` the query's highest score, r the rank (from 1,
/// equal scores share the better one) of the query among all queries that have the item as a
/// candidate, by score. A query whose best score is not above 0 is left as it is. The orders are
/// not changed: order_answers() does that.
void reciprocal_rank_boost(std::vector<Candidates>& queries, double weight);

}  // namespace pmatch
