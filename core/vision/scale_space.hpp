/// A picture blurred more and more: what is of one size stands out in the difference of two steps
/// (Lowe, "Distinctive image features from scale-invariant
/// keypoints", IJCV 2004, section 3).
#pragma once

#include <vector>

#include "core/vision/plane.hpp"

namespace pmatch {

/// Sizes that are told apart between one and its double.
inline constexpr int kScalesPerOctave = 3;
/// Blur of the first plane of each octave, in its pixels.
inline constexpr double kFirstBlur = 1.6;

/// Planes of one size; each octave's are half as wide and high as those of the one before.
struct Octave {
    std::vector<Plane> blurred;  ///< by kFirstBlur · 2 ^ (i / kScalesPerOctave)
};

/// From a picture that is already blurred by `sharpness` pixels, down to a shorter side of 16.
std::vector<Octave> scale_space(const Plane& picture, double sharpness);

}  // namespace pmatch
