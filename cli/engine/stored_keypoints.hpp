/// The keypoints of a collection's pictures, from a space of `builtin:local`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/engine/keypoint_source.hpp"
#include "data/embeddings/vectors_by_item.hpp"
#include "data/pictures/image_reader.hpp"

namespace pmatch {

/// Whether the space's vectors are packed keypoints, see core/vision/keypoints.hpp.
bool holds_keypoints(const SpaceRecord& record);

/// Of a query's picture. Twice as many as of an item's: a photo shows more than the product.
inline constexpr int kQueryKeypoints = 1000;

class StoredKeypoints : public KeypointSource {
public:
    StoredKeypoints(const Collection& collection, const std::string& space)
        : vectors_(collection, space) {}

    std::vector<ItemKeypoints> of_item(std::int64_t row, std::size_t most) const override;
    std::variant<Keypoints, Problem> of_picture(
        const std::filesystem::path& picture) const override;

private:
    VectorsByItem vectors_;
    FilePictureReader reader_;
};

}  // namespace pmatch
