/// Raw scores of one list for one query, made comparable with those of another list.
#pragma once

#include <span>

#include "core/index/vector_index.hpp"

namespace pmatch {

/// value = (raw - shift) / scale.
struct Scale {
    double shift = 0;
    double scale = 1;
    double flat = 0;  ///< the value of all when the scores are all the same (scale 0)

    double operator()(double raw) const { return scale == 0 ? flat : (raw - shift) / scale; }
};

/// (raw - min) / (max - min): 0 to 1. Equal scores are all 1.
Scale min_max(std::span<const Neighbour> hits);
/// (raw - mean) / sigma, sigma over all n. Equal scores are all 0.
Scale z_score(std::span<const Neighbour> hits);
/// (raw - (mean - 3 sigma)) / (6 sigma), sigma over n - 1. Equal scores are all 0.5.
Scale three_sigma(std::span<const Neighbour> hits);

/// Smallest and largest raw score; both 0 without hits.
struct Extremes {
    double least = 0;
    double most = 0;
};
Extremes extremes(std::span<const Neighbour> hits);

}  // namespace pmatch
