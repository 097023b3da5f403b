#include "core/matching/pair_choice.hpp"

#include <algorithm>
#include <iterator>

namespace pmatch {

std::vector<ScoredPair> choose_pairs(std::span<const ScoredPair> pairs, PairMode mode,
                                     float threshold) {
    std::vector<ScoredPair> passed;
    std::copy_if(pairs.begin(), pairs.end(), std::back_inserter(passed),
                 [&](const ScoredPair& pair) { return pair.score >= threshold; });
    switch (mode) {
        case PairMode::kAll:
            std::sort(passed.begin(), passed.end(), better);
            return passed;
        case PairMode::kBest:
            return best_pairs(passed);
        case PairMode::kMutual:
            return mutual_pairs(passed);
        case PairMode::kOneToOne:
            return one_to_one_greedy(passed);
        case PairMode::kOptimal:
            return one_to_one_optimal(passed, threshold);
    }
    return {};
}

}  // namespace pmatch
