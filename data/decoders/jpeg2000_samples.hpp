/// Internal to data/: the samples of a decoded JPEG 2000 picture as pixels.
#pragma once

#include "data/decoders/picture_decoders.hpp"

struct opj_image;  // OpenJPEG's opj_image_t

namespace pmatch::detail {

/// By the number of components and the colour space, as Pillow: grey, grey and alpha, colours,
/// colours and alpha, or four inks; YCbCr becomes RGB, samples of more than 8 bits their upper 8.
/// The Problem "unsupported_format" for anything else, "corrupt" for components without samples.
Decoded jpeg2000_pixels(const opj_image& image);

}  // namespace pmatch::detail
