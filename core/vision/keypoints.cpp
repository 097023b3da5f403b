#include "core/vision/keypoints.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <opencv2/imgproc.hpp>
#include <tuple>
#if __has_include(<opencv2/features2d.hpp>)
#include <opencv2/features2d.hpp>
#else
#include <opencv2/features.hpp>
#endif

#include "core/vision/opencv.hpp"

namespace pmatch {
namespace {

/// A descriptor covers 16 x 16 pixels, and the detector leaves out a border of 5. Enlarging adds
/// nothing to see.
constexpr int kSmallestSide = 16;
constexpr float kDescriptorScale = 512;
constexpr float kPerPixel = 64;
constexpr float kPerDegree = 65536.0F / 360;

std::uint16_t rounded(float value) {
    return static_cast<std::uint16_t>(std::clamp(std::lround(value), 0L, 65535L));
}

std::array<std::uint16_t, 4> packed(const Keypoint& point) {
    // 360 degrees are 0 again.
    const auto angle = static_cast<std::uint16_t>(std::lround(point.angle * kPerDegree) & 0xFFFF);
    return {rounded(point.x * kPerPixel), rounded(point.y * kPerPixel),
            rounded(point.size * kPerPixel), angle};
}

Keypoint unpacked(const std::array<std::uint16_t, 4>& numbers) {
    return {static_cast<float>(numbers[0]) / kPerPixel, static_cast<float>(numbers[1]) / kPerPixel,
            static_cast<float>(numbers[2]) / kPerPixel,
            static_cast<float>(numbers[3]) / kPerDegree};
}

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

SearchedSize searched_size(int width, int height, const KeypointOptions& options) {
    const int longest = std::max({width, height, 1});
    const double scale =
        std::min(static_cast<double>(options.longest_side) / longest, options.most_enlarged);
    const auto scaled = [&](int side) {
        return std::max(1, static_cast<int>(std::lround(scale * side)));
    };
    return {scaled(width), scaled(height)};
}

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
        keypoints.points.push_back(unpacked(packed({one.pt.x, one.pt.y, one.size, one.angle})));
        append_root(sift.ptr<float>(static_cast<int>(at)), keypoints.descriptors);
    }
    return keypoints;
}

std::vector<std::uint8_t> pack(const Keypoints& keypoints) {
    std::vector<std::uint8_t> bytes;
    bytes.reserve(keypoints.points.size() * kPackedBytes);
    for (std::size_t i = 0; i < keypoints.points.size(); ++i) {
        for (const auto number : packed(keypoints.points[i])) {
            bytes.push_back(static_cast<std::uint8_t>(number & 0xFFU));
            bytes.push_back(static_cast<std::uint8_t>(number >> 8U));
        }
        const auto descriptor = keypoints.descriptor(i);
        bytes.insert(bytes.end(), descriptor.begin(), descriptor.end());
    }
    return bytes;
}

Keypoints unpack(std::span<const std::uint8_t> bytes) {
    Keypoints keypoints;
    for (; bytes.size() >= kPackedBytes; bytes = bytes.subspan(kPackedBytes)) {
        std::array<std::uint16_t, 4> numbers{};
        for (std::size_t i = 0; i < numbers.size(); ++i)
            numbers.at(i) = static_cast<std::uint16_t>(bytes[2 * i] | (bytes[2 * i + 1] << 8U));
        keypoints.points.push_back(unpacked(numbers));
        const auto descriptor = bytes.subspan(8, kDescriptorBytes);
        keypoints.descriptors.insert(keypoints.descriptors.end(), descriptor.begin(),
                                     descriptor.end());
    }
    return keypoints;
}

std::string keypoint_settings(const KeypointOptions& options) {
    return fmt::format(
        "RootSIFT, the {} strongest, longest side {}, enlarged at most {} times, version 1",
        options.most, options.longest_side, options.most_enlarged);
}

}  // namespace pmatch
