/// Reciprocal ranking of a batch of queries: an offer that is an item's best match is more likely
/// the same product than one of many similar offers.
#pragma once

#include <vector>

#include "core/ranking/fusion.hpp"

namespace pmatch {

/// Parameters of `--batch`: number of candidates per query, and the weight of the reciprocal rank.
inline constexpr int kBatchCandidates = 100;
inline constexpr double kReturnWeight = 0.4;

/// Candidates of one query.
using Candidates = std::vector<RankedItem>;

/// Adds weight * best / r to every score: `best` is the query's highest score, r the rank (from 1,
/// ties share the better rank) of the query among all queries with this item as a candidate, by
/// score. Queries whose best score is not above 0 stay unchanged. Does not reorder: call
/// order_answers().
void reciprocal_rank_boost(std::vector<Candidates>& queries, double weight);

}  // namespace pmatch
