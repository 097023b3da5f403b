/// Internal to core: agglomerative clustering over a sparse set of pairs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/matching/grouping.hpp"

namespace pmatch {

struct AgglomerationOptions {
    Linkage linkage = Linkage::kComplete;  ///< kComplete or kAverage
    std::size_t largest = 0;               ///< maximum number of members; 0 = no limit
    float threshold = 0;                   ///< the least similarity of a merge
    float unlisted = 0;                    ///< kAverage: the score of pairs that are not listed
};

/// Clusters the items 0 to count - 1 and returns each one's cluster. The most similar two clusters
/// are merged first, equal ones by their smallest members. `pairs` list every pair once, without
/// self-pairs; those in `apart` never come into one cluster. Memory: proportional to the pairs.
std::vector<std::uint32_t> agglomerate(std::size_t count, std::span<const ScoredPair> pairs,
                                       std::span<const ScoredPair> apart,
                                       const AgglomerationOptions& options);

}  // namespace pmatch
