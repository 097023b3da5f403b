#include "core/matching/pairing.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace pmatch {
namespace {

/// The best pair of every item on one side.
using Best = std::unordered_map<std::uint32_t, ScoredPair>;

Best best_by(std::span<const ScoredPair> pairs, std::uint32_t ScoredPair::*side) {
    Best best;
    for (const auto& pair : pairs) {
        const auto [entry, is_new] = best.emplace(pair.*side, pair);
        if (!is_new && better(pair, entry->second)) entry->second = pair;
    }
    return best;
}

}  // namespace

bool better(const ScoredPair& a, const ScoredPair& b) {
    if (a.score != b.score) return a.score > b.score;
    return a.left != b.left ? a.left < b.left : a.right < b.right;
}

std::vector<ScoredPair> best_pairs(std::span<const ScoredPair> pairs) {
    std::vector<ScoredPair> kept;
    for (const auto& entry : best_by(pairs, &ScoredPair::left))
        kept.push_back(entry.second);
    std::sort(kept.begin(), kept.end(), better);
    return kept;
}

std::vector<ScoredPair> mutual_pairs(std::span<const ScoredPair> pairs) {
    const auto of_right = best_by(pairs, &ScoredPair::right);
    auto kept = best_pairs(pairs);
    std::erase_if(kept, [&](const ScoredPair& pair) { return of_right.at(pair.right) != pair; });
    return kept;
}

std::vector<ScoredPair> one_to_one_greedy(std::span<const ScoredPair> pairs) {
    std::vector<ScoredPair> sorted(pairs.begin(), pairs.end());
    std::sort(sorted.begin(), sorted.end(), better);
    std::unordered_set<std::uint32_t> left;
    std::unordered_set<std::uint32_t> right;
    std::vector<ScoredPair> kept;
    for (const auto& pair : sorted) {
        if (left.contains(pair.left) || right.contains(pair.right)) continue;
        left.insert(pair.left);
        right.insert(pair.right);
        kept.push_back(pair);
    }
    return kept;
}

}  // namespace pmatch
