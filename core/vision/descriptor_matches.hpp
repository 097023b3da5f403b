/// Pairs keypoints of two pictures whose descriptors say the same.
#pragma once

#include <cstdint>
#include <vector>

#include "core/vision/keypoints.hpp"

namespace pmatch {

struct DescriptorMatch {
    std::size_t from = 0;  ///< keypoint of the first picture
    std::size_t to = 0;    ///< of the second

    friend bool operator==(const DescriptorMatch&, const DescriptorMatch&) = default;
};

/// Pairs that are each other's nearest neighbours, where the second nearest of `to` is so much
/// farther that distance < `ratio` * its distance (Lowe 2004, section 7.1). In ascending `from`.
/// Distances are compared exactly, in whole numbers.
std::vector<DescriptorMatch> match_descriptors(const Keypoints& from, const Keypoints& to,
                                               double ratio);

}  // namespace pmatch
