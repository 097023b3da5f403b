/// What is around a blob, in numbers that stay when the picture is turned, scaled or lit otherwise
/// (SIFT: Lowe 2004, sections 5 and 6).
#pragma once

#include <array>
#include <vector>

#include "core/vision/blobs.hpp"

namespace pmatch {

/// Directions in which most slopes around the blob point, degrees from 0 to 360, clockwise from the
/// right; one as a rule, more where others are nearly as strong.
std::vector<float> directions(const Plane& plane, const Blob& blob);

/// Slopes around the blob by place (4 x 4, row by row of the turned square) and direction (8,
/// counted against the clock from `direction`, as OpenCV does), of length 1, none above .2 before
/// it was made so.
std::array<float, 128> described(const Plane& plane, const Blob& blob, float direction);

}  // namespace pmatch
