/// Which of many scored pairs of items to keep.
///
/// Items are numbers. Equal scores go by the smaller `left`, then the smaller `right`, so items
/// numbered in ascending order of their ids' bytes are taken in pmatch's order. Scores are finite;
/// higher is better. A pair that is listed twice counts with its better score. Results are best
/// first.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace pmatch {

struct ScoredPair {
    std::uint32_t left = 0;
    std::uint32_t right = 0;
    float score = 0;

    friend bool operator==(const ScoredPair&, const ScoredPair&) = default;
};

/// In the order that results have.
bool better(const ScoredPair& a, const ScoredPair& b);

/// Each left item's best pair: many may have the same right item.
std::vector<ScoredPair> best_pairs(std::span<const ScoredPair> pairs);

/// The pairs that are the best of both their items.
std::vector<ScoredPair> mutual_pairs(std::span<const ScoredPair> pairs);

/// Each item at most once: pairs are taken best first while both items are free.
std::vector<ScoredPair> one_to_one_greedy(std::span<const ScoredPair> pairs);

/// Each item at most once, so that the sum of (score - worthless) is the largest there is. Pairs
/// with a score of `worthless` or less are left out. 0 maximises the sum of scores, which prefers
/// two poor pairs to a good one; a threshold as `worthless` does so only when both pass it by more.
/// Time grows at worst with the smaller side × pairs, in practice nearly with the pairs.
std::vector<ScoredPair> one_to_one_optimal(std::span<const ScoredPair> pairs, double worthless = 0);

}  // namespace pmatch
