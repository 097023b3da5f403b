#include "core/matching/threshold.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

namespace pmatch {
namespace {

double share(std::size_t part, std::size_t of) {
    return of == 0 ? 0 : static_cast<double>(part) / static_cast<double>(of);
}

/// Calls take(candidate) for every threshold that accepts a different set of pairs, highest first.
void sweep(std::span<const JudgedPair> pairs, std::size_t true_pairs,
           const std::function<void(const LearnedThreshold&)>& take) {
    std::vector<JudgedPair> sorted(pairs.begin(), pairs.end());
    std::sort(sorted.begin(), sorted.end(),
              [](const JudgedPair& a, const JudgedPair& b) { return a.score > b.score; });
    LearnedThreshold candidate;
    candidate.true_pairs = true_pairs;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        ++candidate.taken;
        if (sorted[i].match) ++candidate.right;
        const float lowest = sorted[i].score;
        candidate.threshold = lowest;
        if (i + 1 < sorted.size()) {
            const float next = sorted[i + 1].score;
            if (next == lowest) continue;
            const auto middle = static_cast<float>((static_cast<double>(lowest) + next) / 2);
            if (middle > next) candidate.threshold = middle;  // else no float lies between
        }
        take(candidate);
    }
}

}  // namespace

double LearnedThreshold::precision() const {
    return share(right, taken);
}
double LearnedThreshold::recall() const {
    return share(right, true_pairs);
}
double LearnedThreshold::f1() const {
    return share(2 * right, taken + true_pairs);
}

std::optional<LearnedThreshold> best_f1_threshold(std::span<const JudgedPair> pairs,
                                                  std::size_t true_pairs) {
    std::optional<LearnedThreshold> best;
    sweep(pairs, true_pairs, [&](const LearnedThreshold& candidate) {
        if (!best || candidate.f1() > best->f1()) best = candidate;
    });
    return best;
}

std::optional<LearnedThreshold> threshold_for_precision(std::span<const JudgedPair> pairs,
                                                        std::size_t true_pairs, double precision) {
    std::optional<LearnedThreshold> lowest;
    sweep(pairs, true_pairs, [&](const LearnedThreshold& candidate) {
        if (wilson_interval_low(candidate.right, candidate.taken) >= precision) lowest = candidate;
    });
    return lowest;
}

double wilson_interval_low(std::size_t right, std::size_t of) {
    constexpr double kZ = 1.959963984540054;  // of the normal distribution, two-sided 95 %
    if (of == 0) return 0;
    const auto n = static_cast<double>(of);
    const double p = static_cast<double>(right) / n;
    const double middle = p + kZ * kZ / (2 * n);
    const double half = kZ * std::sqrt(p * (1 - p) / n + kZ * kZ / (4 * n * n));
    return std::max(0.0, (middle - half) / (1 + kZ * kZ / n));
}

}  // namespace pmatch
