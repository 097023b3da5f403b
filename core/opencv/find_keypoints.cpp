#include <algorithm>
#include <cmath>
#include <numeric>
#include <opencv2/imgproc.hpp>
#include <tuple>
#if __has_include(<opencv2/features2d.hpp>)
#include <opencv2/features2d.hpp>
#else
#include <opencv2/features.hpp>
#endif

#include "core/opencv/opencv.hpp"
#include "core/vision/keypoints.hpp"

namespace pmatch {
namespace {

/// A descriptor covers 16 x 16 pixels, and the detector leaves out a border of 5. Enlarging adds
/// nothing to see.
constexpr int kSmallestSide = 16;
constexpr float kDescriptorScale = 512;

/// Gray, and of the size to be searched.
cv::Mat searched(const Image& image, const SearchedSize& size) {
    cv::Mat gray;
    cv::cvtColor(as_matrix(image), gray, cv::COLOR_RGB2GRAY);
    if (size.width == image.width && size.height == image.height) return gray;
    const bool larger = size.width > image.width || size.height > image.height;
    cv::Mat scaled;
    cv::resize(gray, scaled, {size.width, size.height}, 0, 0,
               larger ? cv::INTER_LINEAR : cv::INTER_AREA);
    return scaled;
}

/// Indices of the strongest, in an order that no sorting method decides.
std::vector<std::size_t> strongest(const std::vector<cv::KeyPoint>& found, int most) {
    std::vector<std::size_t> order(found.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto key = [&](std::size_t i) {
        const auto& one = found[i];
        return std::tuple(-one.response, one.pt.x, one.pt.y, one.size, one.angle);
    };
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
    order.resize(std::min(order.size(), static_cast<std::size_t>(most)));
    return order;
}

void append_root(const float* sift, std::vector<std::uint8_t>& descriptors) {
    const float sum = std::accumulate(sift, sift + kDescriptorBytes, 0.0F);
    for (std::size_t i = 0; i < kDescriptorBytes; ++i) {
        const float root = sum > 0 ? kDescriptorScale * std::sqrt(sift[i] / sum) : 0;
        descriptors.push_back(static_cast<std::uint8_t>(std::min(255L, std::lround(root))));
    }
}

}  // namespace

Keypoints find_keypoints(const Image& image, const KeypointOptions& options) {
    Keypoints keypoints;
    const auto size = searched_size(image.width, image.height, options);
    if (std::min({image.width, image.height, size.width, size.height}) < kSmallestSide)
        return keypoints;
    std::vector<cv::KeyPoint> found;
    cv::Mat sift;
    cv::SIFT::create(options.most)
        ->detectAndCompute(searched(image, size), cv::noArray(), found, sift);
    for (const auto at : strongest(found, options.most)) {
        const auto& one = found[at];
        keypoints.points.push_back(rounded({one.pt.x, one.pt.y, one.size, one.angle}));
        append_root(sift.ptr<float>(static_cast<int>(at)), keypoints.descriptors);
    }
    return keypoints;
}

}  // namespace pmatch
