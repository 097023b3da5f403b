/// Resizes pictures for networks whose reference does it with OpenCV.
#pragma once

#include "core/common/image.hpp"

namespace pmatch {

/// Bilinear, without antialiasing: OpenCV's resize() with its default. Both sides from 1.
Image resized_picture(const Image& image, int width, int height);

}  // namespace pmatch
