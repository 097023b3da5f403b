/// Puts the items that share an identifier with the query before all others.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/ranking/rank_lists.hpp"

namespace pmatch {

/// `items` are ordered answers, whose recipe has `lists` lists; `hits` have a score above 0 for how
/// good the proof is. A hit's score becomes the best score of the other items, at least 0, + that
/// of the hit, + up to a quarter by which hits are ordered among themselves as the recipe scored
/// them. A hit is an answer whatever its own score was, and even if no list has it.
void put_exact_first(std::vector<RankedItem>& items, std::span<const Neighbour> hits,
                     std::size_t lists, const RankOptions& options, const IdOfRow& id_of);

}  // namespace pmatch
