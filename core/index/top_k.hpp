/// Internal to core: top-k selection, independent of the order of insertion.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "core/index/faiss_index.hpp"

namespace pmatch {

struct Hit {
    float score;
    std::int64_t position;
};

/// Ties by ascending position.
inline bool better(const Hit& a, const Hit& b) {
    return a.score != b.score ? a.score > b.score : a.position < b.position;
}

/// The best `k` so far as a heap; the worst is at the front.
class BestHits {
public:
    explicit BestHits(std::size_t k) : k_(k) {}

    void add(const Hit& hit) {
        if (hits_.size() == k_) {
            if (!better(hit, hits_.front())) return;
            std::pop_heap(hits_.begin(), hits_.end(), better);
            hits_.pop_back();
        }
        hits_.push_back(hit);
        std::push_heap(hits_.begin(), hits_.end(), better);
    }

    /// Lower scores are rejected.
    float border() const {
        return hits_.size() < k_ ? std::numeric_limits<float>::lowest() : hits_.front().score;
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

/// One row of `k` hits per query, padded.
inline FaissHits in_rows(std::vector<BestHits> best, std::size_t k) {
    FaissHits found;
    found.positions.assign(best.size() * k, -1);
    found.scores.assign(best.size() * k, std::numeric_limits<float>::lowest());
    for (std::size_t i = 0; i < best.size(); ++i) {
        auto at = i * k;
        for (const auto& hit : std::move(best[i]).sorted()) {
            found.positions[at] = hit.position;
            found.scores[at++] = hit.score;
        }
    }
    return found;
}

}  // namespace pmatch
