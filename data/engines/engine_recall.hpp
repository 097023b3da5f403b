/// How much an engine's index finds of what comparison with all vectors finds.
#pragma once

#include "data/engines/engine_search.hpp"

namespace pmatch {

struct EngineRecall {
    double share = 0;  ///< of the nearest 10 items, mean over the sample
    int queries = 0;
};

inline constexpr int kRecallDepth = 10;

/// Asks with some vectors of the table itself, for some seconds at most.
EngineRecall measure_recall(const EngineSearch& search, int queries, double seconds);

}  // namespace pmatch
