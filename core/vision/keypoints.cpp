#include "core/vision/keypoints.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace pmatch {
namespace {

constexpr float kPerPixel = 64;
constexpr float kPerDegree = 65536.0F / 360;

std::uint16_t in_16_bits(float value) {
    return static_cast<std::uint16_t>(std::clamp(std::lround(value), 0L, 65535L));
}

std::array<std::uint16_t, 4> packed(const Keypoint& point) {
    // 360 degrees are 0 again.
    const auto angle = static_cast<std::uint16_t>(std::lround(point.angle * kPerDegree) & 0xFFFF);
    return {in_16_bits(point.x * kPerPixel), in_16_bits(point.y * kPerPixel),
            in_16_bits(point.size * kPerPixel), angle};
}

Keypoint unpacked(const std::array<std::uint16_t, 4>& numbers) {
    return {static_cast<float>(numbers[0]) / kPerPixel, static_cast<float>(numbers[1]) / kPerPixel,
            static_cast<float>(numbers[2]) / kPerPixel,
            static_cast<float>(numbers[3]) / kPerDegree};
}

}  // namespace

Keypoint rounded(const Keypoint& point) {
    return unpacked(packed(point));
}

Keypoint mirrored(const Keypoint& point) {
    return {-point.x, point.y, point.size,
            point.angle <= 180 ? 180 - point.angle : 540 - point.angle};
}

Keypoints mirrored(const Keypoints& keypoints) {
    // Along the direction all stays; across it, rows change places, and turns their sense.
    constexpr std::size_t kRows = 4;
    constexpr std::size_t kTurns = 8;
    constexpr std::size_t kRow = kDescriptorBytes / kRows;
    Keypoints result;
    result.descriptors.resize(keypoints.descriptors.size());
    for (std::size_t i = 0; i < keypoints.points.size(); ++i) {
        result.points.push_back(mirrored(keypoints.points[i]));
        const auto from = keypoints.descriptor(i);
        const auto to = std::span(result.descriptors).subspan(i * kDescriptorBytes);
        for (std::size_t at = 0; at < kDescriptorBytes; ++at) {
            const auto row = at / kRow;
            const auto turn = at % kTurns;
            const auto cell = at % kRow - turn;
            to[(kRows - 1 - row) * kRow + cell + (kTurns - turn) % kTurns] = from[at];
        }
    }
    return result;
}

SearchedSize searched_size(int width, int height, const KeypointOptions& options) {
    const int longest = std::max({width, height, 1});
    const double scale =
        std::min(static_cast<double>(options.longest_side) / longest, options.most_enlarged);
    const auto scaled = [&](int side) {
        return std::max(1, static_cast<int>(std::lround(scale * side)));
    };
    return {scaled(width), scaled(height)};
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
        "RootSIFT, the {} strongest, longest side {}, enlarged at most {} times, version 2",
        options.most, options.longest_side, options.most_enlarged);
}

}  // namespace pmatch
