#include "core/matching/runner_up.hpp"

#include <algorithm>

namespace pmatch {

RunnersUp::RunnersUp(std::span<const ScoredPair> candidates) {
    for (const auto& pair : candidates) {
        const auto [entry, is_new] =
            of_left_.try_emplace(pair.left, BestTwo{pair.right, pair.score, {}});
        auto& two = entry->second;
        if (is_new) continue;
        if (pair.right == two.right) {
            two.best = std::max(two.best, pair.score);
        } else if (pair.score > two.best) {
            two = {pair.right, pair.score, two.best};
        } else {
            two.next = two.next ? std::max(*two.next, pair.score) : pair.score;
        }
    }
}

std::optional<float> RunnersUp::margin(const ScoredPair& pair) const {
    const auto found = of_left_.find(pair.left);
    if (found == of_left_.end()) return std::nullopt;
    const auto& two = found->second;
    if (pair.right != two.right) return pair.score - two.best;
    if (!two.next) return std::nullopt;
    return pair.score - *two.next;
}

}  // namespace pmatch
