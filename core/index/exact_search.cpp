#include "core/index/exact_search.hpp"

#include <algorithm>
#include <array>
#include <mutex>
#include <utility>
#include <vector>

#include "core/index/top_k.hpp"
#include "core/threads/parallel.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kLanes = 16;    // independent sums, to hide the latency of additions
constexpr std::size_t kPiece = 2048;  // vectors per task of a thread

float product(const float* a, const float* b, std::size_t dim) {
    std::array<float, kLanes> sums{};
    std::size_t i = 0;
    for (; i + kLanes <= dim; i += kLanes) {
        for (std::size_t lane = 0; lane < kLanes; ++lane)
            sums[lane] += a[i + lane] * b[i + lane];
    }
    float sum = 0;
    for (; i < dim; ++i)
        sum += a[i] * b[i];
    for (const float one : sums)
        sum += one;
    return sum;
}

bool is_allowed(std::span<const std::uint8_t> allowed, std::size_t at) {
    return allowed.empty() || ((allowed[at / 8] >> (at % 8)) & 1U) != 0;
}

}  // namespace

FaissHits flat_search(const StoredVectors& vectors, std::span<const float> queries, std::int64_t k,
                      std::span<const std::uint8_t> allowed) {
    const auto dim = vectors.dim;
    const auto total = static_cast<std::size_t>(vectors.count);
    const auto asked = queries.size() / dim;
    const auto width = static_cast<std::size_t>(k);
    std::vector<BestHits> best(asked, BestHits(width));
    std::mutex merging;
    const auto search = [&](std::size_t begin, std::size_t end) {
        std::vector<BestHits> mine(asked, BestHits(width));
        for (auto at = begin; at < end; ++at) {
            if (!is_allowed(allowed, at)) continue;
            const float* vector = vectors.values + at * dim;
            for (std::size_t i = 0; i < asked; ++i)
                mine[i].add({product(queries.data() + i * dim, vector, dim),
                             static_cast<std::int64_t>(at)});
        }
        const std::lock_guard lock(merging);
        for (std::size_t i = 0; i < asked; ++i) {
            for (const auto& hit : mine[i].hits())
                best[i].add(hit);
        }
    };
    for_pieces(total, 0, search, kPiece);
    return in_rows(std::move(best), width);
}

}  // namespace pmatch
