/// Which pairs of a match stay, by the name of a mode.
#pragma once

#include <span>
#include <vector>

#include "core/matching/pairing.hpp"

namespace pmatch {

enum class PairMode {
    kAll,       ///< every pair
    kBest,      ///< each left item's best
    kMutual,    ///< the best of both its items
    kOneToOne,  ///< each item once, best first
    kOptimal    ///< each item once, the largest sum of scores above the threshold
};

/// Pairs below `threshold` are left out; the result is best first. With kOptimal pairs must score
/// more than it. Within one catalog `pairs` has both directions (both_directions()), and so has
/// the result, but for kBest; kOptimal is not for one catalog.
std::vector<ScoredPair> choose_pairs(std::span<const ScoredPair> pairs, PairMode mode,
                                     float threshold);

}  // namespace pmatch
