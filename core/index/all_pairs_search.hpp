/// Internal to core: all-pairs search. The inner product is symmetric, so each pair is multiplied
/// once: half the work of searching for every vector separately.
#pragma once

#include <cstdint>

#include "core/index/exact_search.hpp"
#include "core/index/faiss_index.hpp"

namespace pmatch {

/// Equals flat_search() with every vector as a query; each vector is among its own hits. Scores are
/// float32 sums computed by the BLAS, independent of the number of threads.
FaissHits self_search(const StoredVectors& vectors, std::int64_t k);

}  // namespace pmatch
