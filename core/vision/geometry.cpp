#include "core/vision/geometry.hpp"

#include <cmath>
#include <numbers>

namespace pmatch {

double Similarity::scale() const {
    return std::hypot(a, b);
}

double Similarity::degrees() const {
    return std::atan2(b, a) * 180 / std::numbers::pi;
}

double geometry_score(std::size_t inliers, const GeometryOptions& options) {
    return inliers > options.by_chance
               ? std::log1p(static_cast<double>(inliers - options.by_chance))
               : 0;
}

}  // namespace pmatch
