/// Internal to core: all vectors against all. a·b is b·a, so that each pair is multiplied once:
/// half the work of asking every vector alone.
#pragma once

#include <cstdint>

#include "core/index/exact_search.hpp"
#include "core/index/faiss_index.hpp"

namespace pmatch {

/// What flat_search() finds with every vector as a query, itself among its hits. Scores are float32
/// sums by the BLAS, and do not depend on the number of threads.
FaissHits self_search(const StoredVectors& vectors, std::int64_t k);

}  // namespace pmatch
