/// The points on which two pictures agree, as far as people are shown them.
#pragma once

#include <nlohmann/json.hpp>
#include <span>

#include "core/ranking/verification.hpp"

namespace pmatch::cli {

/// The strongest pairs; none if the pictures were not compared (nullptr) or agree on no more points
/// than unrelated ones do.
std::span<const PointPair> shown_points(const Verification* found);

/// The same for a program that has both pictures: which they are, and x, y of the query's and x, y
/// of the item's, in pixels of pictures of the given longest side. null without points.
nlohmann::ordered_json shown_points_json(const Verification* found);

}  // namespace pmatch::cli
