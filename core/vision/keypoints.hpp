/// Local features of a picture: places that are found again when it is shifted, turned or scaled,
/// each with a description of what is around it (SIFT: Lowe, "Distinctive image features from
/// scale-invariant keypoints", IJCV 2004).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/common/image.hpp"

namespace pmatch {

struct KeypointOptions {
    int longest_side = 600;    ///< pictures are scaled to it, pixels
    double most_enlarged = 4;  ///< but small ones at most so many times
    int most = 500;            ///< the strongest are kept
};

/// In pixels of the picture as it was searched, from its top left corner.
struct Keypoint {
    float x = 0;
    float y = 0;
    float size = 0;   ///< diameter of what is described
    float angle = 0;  ///< degrees, 0 to 360

    friend bool operator==(const Keypoint&, const Keypoint&) = default;
};

inline constexpr std::size_t kDescriptorBytes = 128;

struct Keypoints {
    std::vector<Keypoint> points;  ///< strongest first
    /// points.size() x kDescriptorBytes, row-major. RootSIFT (Arandjelović, Zisserman, "Three
    /// things everyone should know to improve object retrieval", CVPR 2012): the square root of
    /// SIFT's values divided by their sum, here times 512 and rounded, so of length about 512.
    std::vector<std::uint8_t> descriptors;

    std::span<const std::uint8_t> descriptor(std::size_t point) const {
        return std::span(descriptors).subspan(point * kDescriptorBytes, kDescriptorBytes);
    }
    friend bool operator==(const Keypoints&, const Keypoints&) = default;
};

/// Size of the picture that is searched for keypoints.
struct SearchedSize {
    int width = 0;
    int height = 0;
};
SearchedSize searched_size(int width, int height, const KeypointOptions& options = {});

/// Equal pictures have equal keypoints. One without structure, or narrower than 16 pixels, has
/// none. Rounded as pack() does. Safe to call from many threads.
Keypoints find_keypoints(const Image& image, const KeypointOptions& options = {});

/// As in a mirror, with left and right exchanged: x becomes -x. Twice is as before.
Keypoint mirrored(const Keypoint& point);
Keypoints mirrored(const Keypoints& keypoints);

/// A keypoint as bytes: x, y and size in 1/64 pixel and angle in 1/65536 of a turn, 16-bit
/// little-endian each, then the descriptor.
inline constexpr std::size_t kPackedBytes = 8 + kDescriptorBytes;

/// As pack() rounds it.
Keypoint rounded(const Keypoint& point);

/// kPackedBytes a keypoint, in their order.
std::vector<std::uint8_t> pack(const Keypoints& keypoints);
/// `bytes` has a multiple of kPackedBytes.
Keypoints unpack(std::span<const std::uint8_t> bytes);

/// All that decides the packed bytes of a picture, in words.
std::string keypoint_settings(const KeypointOptions& options = {});

}  // namespace pmatch
