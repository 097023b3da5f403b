/// Selects pairs of a match by mode.
#pragma once

#include <span>
#include <vector>

#include "core/matching/pairing.hpp"

namespace pmatch {

enum class PairMode {
    kAll,       ///< every pair
    kBest,      ///< the best pair of each left item
    kMutual,    ///< pairs that are the best of both items
    kOneToOne,  ///< greedy one-to-one: best first
    kOptimal    ///< optimal one-to-one: maximises the sum of scores above the threshold
};

/// Drops pairs below `threshold` (kOptimal: at or below); the result is best first. Within one
/// catalog `pairs` must hold both directions (both_directions()), and so does the result except for
/// kBest; kOptimal does not support one catalog.
std::vector<ScoredPair> choose_pairs(std::span<const ScoredPair> pairs, PairMode mode,
                                     float threshold);

}  // namespace pmatch
