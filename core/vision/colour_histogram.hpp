/// The colours of a product as a vector.
#pragma once

#include <vector>

#include "core/common/image.hpp"
#include "core/vision/product_mask.hpp"

namespace pmatch {

struct ColourOptions {
    int longest = 128;       ///< pictures are shrunk to this many pixels a side
    int lightness_bins = 4;  ///< over L* 0 to 100
    int chroma_bins = 10;    ///< over a* and over b*, each -reach to reach; beyond: the last bin
    double chroma_reach = 64;
    ProductMaskOptions mask = {};
};

/// Number of values: lightness_bins x chroma_bins x chroma_bins, b* fastest.
int colour_dim(const ColourOptions& options = {});

/// A joint histogram of L*, a* and b* over the product, each pixel shared between the bins around
/// it in proportion to its nearness (trilinear). Square roots of the shares, so the inner product
/// of two is the Bhattacharyya coefficient: 1 for the same colours in the same shares, 0 for none
/// in common (Bhattacharyya, Bull. Calcutta Math. Soc. 35, 1943; "Hellinger kernel"). Unit length.
std::vector<float> colour_histogram(const Image& image, const ColourOptions& options = {});

}  // namespace pmatch
