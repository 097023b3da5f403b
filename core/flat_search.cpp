#include "core/flat_search.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <mutex>
#include <utility>
#include <vector>

#include "core/parallel.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kLanes = 16;    // sums side by side, so that the processor need not wait
constexpr std::size_t kPiece = 2048;  // vectors that a thread takes at once

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

struct Hit {
    float score;
    std::int64_t position;
};

bool better(const Hit& a, const Hit& b) {
    return a.score != b.score ? a.score > b.score : a.position < b.position;
}

/// The best `k` so far; the worst of them is at the front.
class Best {
public:
    explicit Best(std::size_t k) : k_(k) {}

    void add(const Hit& hit) {
        if (hits_.size() == k_) {
            if (!better(hit, hits_.front())) return;
            std::pop_heap(hits_.begin(), hits_.end(), better);
            hits_.pop_back();
        }
        hits_.push_back(hit);
        std::push_heap(hits_.begin(), hits_.end(), better);
    }

    const std::vector<Hit>& hits() const { return hits_; }
    std::vector<Hit> sorted() && {
        std::sort_heap(hits_.begin(), hits_.end(), better);
        return std::move(hits_);
    }

private:
    std::size_t k_;
    std::vector<Hit> hits_;
};

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
    std::vector<Best> best(asked, Best(width));
    std::mutex merging;
    const auto search = [&](std::size_t begin, std::size_t end) {
        std::vector<Best> mine(asked, Best(width));
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
    FaissHits found;
    found.positions.assign(asked * width, -1);
    found.scores.assign(asked * width, std::numeric_limits<float>::lowest());
    for (std::size_t i = 0; i < asked; ++i) {
        auto at = i * width;
        for (const auto& hit : std::move(best[i]).sorted()) {
            found.positions[at] = hit.position;
            found.scores[at++] = hit.score;
        }
    }
    return found;
}

}  // namespace pmatch
