/// Internal to core: exact search for a few queries. FAISS's Flat index uses one thread per query;
/// here the vectors are split among all threads, so that a single query is bound by memory
/// bandwidth.
#pragma once

#include <cstdint>
#include <span>

#include "core/index/faiss_index.hpp"

namespace pmatch {

/// Row-major vectors of `dim` values, as stored in an index.
struct StoredVectors {
    const float* values = nullptr;
    std::int64_t count = 0;
    std::size_t dim = 0;
};

/// The `k` highest inner products (float32 sums) per query; ties by ascending position. `allowed`:
/// one bit per position, lowest bit first; empty = all.
FaissHits flat_search(const StoredVectors& vectors, std::span<const float> queries, std::int64_t k,
                      std::span<const std::uint8_t> allowed);

}  // namespace pmatch
