/// Normalises the raw scores of one list for one query.
#pragma once

#include <span>

#include "core/index/vector_index.hpp"

namespace pmatch {

/// value = (raw - shift) / scale.
struct Scale {
    double shift = 0;
    double scale = 1;
    double flat = 0;  ///< used for all values if all raw scores are equal (scale 0)

    double operator()(double raw) const { return scale == 0 ? flat : (raw - shift) / scale; }
};

/// (raw - min) / (max - min): 0 to 1. Equal scores are all 1.
Scale min_max(std::span<const Neighbour> hits);
/// (raw - mean) / sigma, sigma over all n. Equal scores are all 0.
Scale z_score(std::span<const Neighbour> hits);
/// (raw - (mean - 3 sigma)) / (6 sigma), sigma over n - 1. Equal scores are all 0.5.
Scale three_sigma(std::span<const Neighbour> hits);

/// Smallest and largest raw score; both 0 if there are no hits.
struct Extremes {
    double least = 0;
    double most = 0;
};
Extremes extremes(std::span<const Neighbour> hits);

}  // namespace pmatch
