/// Places of a picture that stand out from around them, at one size more than at others.
#pragma once

#include <vector>

#include "core/vision/scale_space.hpp"

namespace pmatch {

struct BlobOptions {
    /// Least difference to what is around, of that between black and white.
    double contrast = 0.04;
    /// Most that the curvature along may be of that across: an edge is found anywhere along itself.
    double edge = 10;
};

/// In pixels of its octave.
struct Blob {
    std::size_t octave = 0;
    std::size_t plane = 0;  ///< of Octave::blurred, the one nearest in blur
    float x = 0;
    float y = 0;
    float scale = 0;     ///< the blur at which it stands out most
    float response = 0;  ///< how much it stands out, of the difference between black and white
};

/// Extrema of the differences, placed between pixels and between blurs (Lowe 2004, sections 3 and
/// 4). In the order of octaves, planes, rows, columns.
std::vector<Blob> find_blobs(const std::vector<Octave>& octaves, const BlobOptions& options = {});

}  // namespace pmatch
