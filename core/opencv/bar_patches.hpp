/// Internal to core/opencv: where a picture has parallel bars, as barcodes of one dimension have.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace pmatch {

/// A part of a picture whose edges run in one direction.
struct BarPatch {
    cv::RotatedRect box;  ///< its angle is that of the line across the bars, in degrees
    double strength = 0;  ///< the sum of squared gradients: the strongest patches come first
};

/// At most `most` patches of an 8-bit gray picture, the strongest first.
std::vector<BarPatch> bar_patches(const cv::Mat& gray, std::size_t most);

/// The patch turned so that its bars are upright, `scale` times as large but of at most
/// `most_pixels`, with a margin for the quiet zones.
cv::Mat upright_patch(const cv::Mat& gray, const BarPatch& patch, double scale, int most_pixels);

}  // namespace pmatch
