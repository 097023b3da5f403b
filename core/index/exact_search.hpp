/// Internal to core: exact search for a few queries. FAISS's Flat index gives each query to one
/// thread; here all threads share the vectors, so that one query takes as long as reading them.
#pragma once

#include <cstdint>
#include <span>

#include "core/index/faiss_index.hpp"

namespace pmatch {

/// Vectors in rows of `dim`, as an index stores them.
struct StoredVectors {
    const float* values = nullptr;
    std::int64_t count = 0;
    std::size_t dim = 0;
};

/// The `k` highest inner products, float32 sums, for each query; equal ones by ascending position.
/// `allowed` has a bit a position, lowest bit first; empty = all are.
FaissHits flat_search(const StoredVectors& vectors, std::span<const float> queries, std::int64_t k,
                      std::span<const std::uint8_t> allowed);

}  // namespace pmatch
