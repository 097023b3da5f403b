#include <algorithm>
#include <cmath>
#include <numeric>
#include <opencv2/imgproc.hpp>
#include <span>
#include <tuple>

#include "core/opencv/opencv.hpp"
#include "core/opencv/sift.hpp"
#include "core/vision/blobs.hpp"
#include "core/vision/keypoints.hpp"
#include "core/vision/scale_space.hpp"

namespace pmatch {
namespace {

/// A descriptor covers 16 x 16 pixels and more.
constexpr int kSmallestSide = 16;
constexpr float kDescriptorScale = 512;
/// The blur of a photo as it comes, in its pixels (Lowe 2004, section 3.3).
constexpr double kSharpness = .5;
constexpr double kContrast = .01;

/// Gray, and of the size to be searched.
Plane searched(const Image& image, const SearchedSize& size) {
    cv::Mat gray;
    cv::cvtColor(as_matrix(image), gray, cv::COLOR_RGB2GRAY);
    if (size.width != image.width || size.height != image.height) {
        const bool larger = size.width > image.width || size.height > image.height;
        cv::Mat scaled;
        cv::resize(gray, scaled, {size.width, size.height}, 0, 0,
                   larger ? cv::INTER_LINEAR : cv::INTER_AREA);
        gray = scaled;
    }
    Plane plane(gray.cols, gray.rows);
    cv::Mat floats(gray.rows, gray.cols, CV_32F, plane.row(0));
    gray.convertTo(floats, CV_32F);
    return plane;
}

/// Those that stand out most first, each once: two pixels may lead to one blob.
void put_in_order(std::vector<Blob>& blobs) {
    const auto key = [](const Blob& blob) {
        return std::tuple(-blob.response, blob.octave, blob.plane, blob.x, blob.y);
    };
    std::sort(blobs.begin(), blobs.end(),
              [&](const Blob& a, const Blob& b) { return key(a) < key(b); });
    const auto same = [&](const Blob& a, const Blob& b) { return key(a) == key(b); };
    blobs.erase(std::unique(blobs.begin(), blobs.end(), same), blobs.end());
}

Keypoint keypoint_of(const Blob& blob, float direction) {
    const float pixel = std::ldexp(1.F, static_cast<int>(blob.octave));
    return {blob.x * pixel, blob.y * pixel, 2 * blob.scale * pixel, direction};
}

void append_root(std::span<const float> sift, std::vector<std::uint8_t>& descriptors) {
    const float sum = std::accumulate(sift.begin(), sift.end(), 0.F);
    for (const float value : sift) {
        const float root = sum > 0 ? kDescriptorScale * std::sqrt(value / sum) : 0;
        descriptors.push_back(static_cast<std::uint8_t>(std::min(255L, std::lround(root))));
    }
}

}  // namespace

Keypoints find_keypoints(const Image& image, const KeypointOptions& options) {
    Keypoints keypoints;
    const auto size = searched_size(image.width, image.height, options);
    if (std::min({image.width, image.height, size.width, size.height}) < kSmallestSide)
        return keypoints;
    const double enlarged = std::max(1., static_cast<double>(size.width) / image.width);
    const auto octaves = scale_space(searched(image, size), kSharpness * enlarged);
    auto blobs = find_blobs(octaves, {.contrast = kContrast});
    put_in_order(blobs);
    for (const auto& blob : blobs) {
        const auto& plane = octaves[blob.octave].blurred[blob.plane];
        for (const float direction : directions(plane, blob)) {
            if (keypoints.points.size() == static_cast<std::size_t>(options.most)) return keypoints;
            keypoints.points.push_back(rounded(keypoint_of(blob, direction)));
            append_root(described(plane, blob, direction), keypoints.descriptors);
        }
    }
    return keypoints;
}

}  // namespace pmatch
