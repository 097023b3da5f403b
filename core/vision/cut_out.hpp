/// Cuts lines of text out of a picture.
#pragma once

#include "core/common/image.hpp"
#include "core/vision/text_box.hpp"

namespace pmatch {

/// The line, made rectangular by bicubic interpolation of the exact places. OpenCV's
/// warpPerspective() gives the same from 5.0 on; earlier ones round places to 1/32 pixel, which
/// changes what is read. A line that is half as high again as it is wide is turned to the left: its
/// text runs down.
Image cut_out(const Image& image, const TextBox& box);

}  // namespace pmatch
