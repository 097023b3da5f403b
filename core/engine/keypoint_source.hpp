/// Gives the engine the keypoints of pictures.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <variant>
#include <vector>

#include "core/common/problem.hpp"
#include "core/vision/keypoints.hpp"

namespace pmatch {

struct ItemKeypoints {
    std::size_t picture = 0;  ///< place among the item's pictures
    Keypoints keypoints;
};

/// Thread-safe.
class KeypointSource {
public:
    virtual ~KeypointSource() = default;
    /// Of the item's first `most` pictures, in their order; those not embedded are left out.
    virtual std::vector<ItemKeypoints> of_item(std::int64_t row, std::size_t most) const = 0;
    /// Of a query's picture, found as the items' were.
    virtual std::variant<Keypoints, Problem> of_picture(
        const std::filesystem::path& picture) const = 0;
};

}  // namespace pmatch
