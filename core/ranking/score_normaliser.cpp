#include "core/ranking/score_normaliser.hpp"

#include <algorithm>
#include <cmath>

namespace pmatch {
namespace {

struct Moments {
    double mean = 0;
    double squares = 0;  ///< sum of squared distances from the mean
};

Moments moments(std::span<const Neighbour> hits) {
    Moments result;
    if (hits.empty()) return result;
    for (const auto& hit : hits)
        result.mean += hit.score;
    result.mean /= static_cast<double>(hits.size());
    for (const auto& hit : hits) {
        const double distance = hit.score - result.mean;
        result.squares += distance * distance;
    }
    return result;
}

bool all_equal(std::span<const Neighbour> hits) {
    const auto [least, most] = extremes(hits);
    return least == most;
}

}  // namespace

Extremes extremes(std::span<const Neighbour> hits) {
    if (hits.empty()) return {};
    const auto by_score = [](const Neighbour& a, const Neighbour& b) { return a.score < b.score; };
    const auto [least, most] = std::minmax_element(hits.begin(), hits.end(), by_score);
    return {least->score, most->score};
}

Scale min_max(std::span<const Neighbour> hits) {
    const auto [least, most] = extremes(hits);
    return {least, most - least, 1};
}

Scale z_score(std::span<const Neighbour> hits) {
    if (all_equal(hits)) return {extremes(hits).least, 0, 0};
    const auto [mean, squares] = moments(hits);
    return {mean, std::sqrt(squares / static_cast<double>(hits.size())), 0};
}

Scale three_sigma(std::span<const Neighbour> hits) {
    if (all_equal(hits)) return {0, 0, 0.5};
    const auto [mean, squares] = moments(hits);
    const double sigma = std::sqrt(squares / static_cast<double>(hits.size() - 1));
    return {mean - 3 * sigma, 6 * sigma, 0.5};
}

}  // namespace pmatch
