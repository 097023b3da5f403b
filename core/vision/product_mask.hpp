/// Where in a picture the product is, judged by its border.
#pragma once

#include <vector>

#include "core/vision/lab_picture.hpp"

namespace pmatch {

struct ProductMaskOptions {
    double border = 0.02;  ///< width of the border relative to the longer side; at least a pixel
    double alike = 8;      ///< largest distance in L*a*b* from the background's colour
    double plain = 0.6;    ///< share of the border that must be alike for a plain background
    double least = 0.03;   ///< share of the picture that a product covers at least …
    double most = 0.97;    ///< … and at most; beyond, the background is not taken for plain
    double spread = 0.3;   ///< sigma of the bell over a product, relative to each side
    double centre = 0.15;  ///< the same over a photo without a plain background
};

/// A weight for each pixel, row-major, with a sum above 0: a bell around the centre, where people
/// hold what they photograph, exp(-(dx^2 + dy^2) / 2 sigma^2). On a plain background, white or of
/// any other colour, it is wide, and 0 for what is alike the border's median colour and connected
/// with the border; otherwise it is narrow.
std::vector<float> product_weights(const LabPicture& picture,
                                   const ProductMaskOptions& options = {});

/// Whether product_weights() sees a plain background.
bool has_plain_background(const LabPicture& picture, const ProductMaskOptions& options = {});

}  // namespace pmatch
