/// Selects pairs of items by score.
///
/// Items are numbers. Ties are broken by the smaller `left`, then the smaller `right`; items
/// numbered in ascending order of their ids' bytes give pmatch's usual order. Scores are finite;
/// higher is better. Duplicate pairs count once, with the better score. Results are best first.
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

/// The order of results.
bool better(const ScoredPair& a, const ScoredPair& b);

/// Each left item's best pair; several may share a right item.
std::vector<ScoredPair> best_pairs(std::span<const ScoredPair> pairs);

/// The pairs that are the best of both items.
std::vector<ScoredPair> mutual_pairs(std::span<const ScoredPair> pairs);

/// Each item at most once: pairs are taken best first while both items are free.
std::vector<ScoredPair> one_to_one_greedy(std::span<const ScoredPair> pairs);

/// Each item at most once, maximising the sum of (score - worthless). Pairs with scores of
/// `worthless` or less are dropped. 0 maximises the sum of scores, which prefers two poor pairs to
/// one good pair; with a threshold as `worthless`, only if their excess over it adds up to more.
/// Worst-case time is smaller side × pairs, in practice nearly linear in the pairs.
std::vector<ScoredPair> one_to_one_optimal(std::span<const ScoredPair> pairs, double worthless = 0);

}  // namespace pmatch
