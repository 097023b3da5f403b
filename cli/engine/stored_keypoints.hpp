/// The keypoints of a collection's pictures, from a space of `builtin:local`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/encoders/encoder.hpp"
#include "core/engine/keypoint_source.hpp"
#include "data/embeddings/vectors_by_item.hpp"
#include "data/pictures/image_reader.hpp"

namespace pmatch {

/// Whether the space's vectors are packed keypoints, see core/vision/keypoints.hpp.
bool holds_keypoints(const SpaceRecord& record);

class StoredKeypoints : public KeypointSource {
public:
    /// `encoder`: the space's, for pictures of queries.
    StoredKeypoints(const Collection& collection, const std::string& space,
                    std::unique_ptr<const Encoder> encoder)
        : vectors_(collection, space), encoder_(std::move(encoder)) {}

    std::vector<ItemKeypoints> of_item(std::int64_t row, std::size_t most) const override;
    std::variant<Keypoints, Problem> of_picture(
        const std::filesystem::path& picture) const override;

private:
    VectorsByItem vectors_;
    std::unique_ptr<const Encoder> encoder_;
    FilePictureReader reader_;
};

}  // namespace pmatch
