/// How far a pair stands above the next best candidate of its left item.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>

#include "core/matching/pairing.hpp"

namespace pmatch {

class RunnersUp {
public:
    RunnersUp() = default;
    /// All candidates; within one catalog in both directions.
    explicit RunnersUp(std::span<const ScoredPair> candidates);

    /// The score minus that of the left item's best other candidate: below 0 if that is better,
    /// empty if there is none.
    std::optional<float> margin(const ScoredPair& pair) const;

private:
    struct BestTwo {
        std::uint32_t right = 0;  ///< of the best
        float best = 0;
        std::optional<float> next;
    };
    std::unordered_map<std::uint32_t, BestTwo> of_left_;
};

}  // namespace pmatch
