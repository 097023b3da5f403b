#include "cli/engine/stored_keypoints.hpp"

#include <span>
#include <string_view>
#include <utility>

#include "core/pipeline/failing_inputs.hpp"

namespace pmatch {
namespace {

/// Bytes pass through the encoder's floats unchanged.
Keypoints keypoints_from(std::span<const float> values) {
    std::vector<std::uint8_t> bytes;
    bytes.reserve(values.size());
    for (const float value : values)
        bytes.push_back(static_cast<std::uint8_t>(value));
    return unpack(bytes);
}

}  // namespace

bool holds_keypoints(const SpaceRecord& record) {
    return !record.indexable() && record.bytes && record.dim == static_cast<int>(kPackedBytes) &&
           record.source.is_picture();
}

std::vector<ItemKeypoints> StoredKeypoints::of_item(std::int64_t row, std::size_t most) const {
    std::vector<ItemKeypoints> all;
    for (const auto& [place, vectors] : vectors_.of(row, most))
        all.push_back({place, keypoints_from(vectors)});
    return all;
}

std::variant<Keypoints, Problem> StoredKeypoints::of_picture(
    const std::filesystem::path& picture) const {
    auto image = read_picture(reader_, picture, std::nullopt);
    if (auto* problem = std::get_if<Problem>(&image)) return std::move(*problem);
    return find_keypoints(std::get<Image>(image), {.most = kQueryKeypoints});
}

}  // namespace pmatch
