#include "cli/engine/left_out_pictures.hpp"

#include <algorithm>
#include <numeric>
#include <set>
#include <span>

#include "data/embeddings/embedding_space.hpp"

namespace pmatch {
namespace {

/// Cosine from which on two pictures look the same; the same picture in another JPEG quality or
/// half the size has .98 to 1 with usual encoders.
constexpr float kAlike = 0.98F;
constexpr std::size_t kMostCompared = 64;  // shared pictures that others are compared with

using Contents = std::set<Hash128>;

Contents contents_of(const std::vector<SharedInput>& shared) {
    Contents contents;
    for (const auto& picture : shared)
        contents.insert(picture.content);
    return contents;
}

/// One vector of each of the pictures that most items share, row-major.
std::vector<float> vectors_of(const Collection& collection, const std::string& space,
                              const std::vector<SharedInput>& shared) {
    const auto count = std::min(shared.size(), kMostCompared);
    auto wanted =
        contents_of({shared.begin(), shared.begin() + static_cast<std::ptrdiff_t>(count)});
    std::vector<float> vectors;
    for_each_live_block(
        collection, space,
        [&](std::span<const InputKey>, std::span<const float> values) {
            vectors.insert(vectors.end(), values.begin(), values.end());
        },
        [&](const InputKey& key) { return wanted.erase(key.content) > 0; });
    return vectors;
}

bool looks_like_one(std::span<const float> vector, std::span<const float> others) {
    for (; !others.empty(); others = others.subspan(vector.size())) {
        const float cosine = std::inner_product(vector.begin(), vector.end(), others.begin(), 0.0F);
        if (cosine >= kAlike) return true;
    }
    return false;
}

/// A picture, and whether it is shared.
struct Seen {
    std::int64_t row;
    std::int32_t ordinal;
    bool shared;
};

std::vector<Seen> pictures_of(const Collection& collection, const std::string& space,
                              const std::vector<SharedInput>& shared) {
    const auto contents = contents_of(shared);
    const bool cosines = collection.space(space).normalized;
    const auto others = cosines ? vectors_of(collection, space, shared) : std::vector<float>();
    std::vector<Seen> seen;
    for_each_live_block(
        collection, space, [&](std::span<const InputKey> keys, std::span<const float> values) {
            const auto width = values.size() / std::max<std::size_t>(1, keys.size());
            for (std::size_t i = 0; i < keys.size(); ++i) {
                const bool same = contents.contains(keys[i].content) ||
                                  looks_like_one(values.subspan(i * width, width), others);
                seen.push_back({keys[i].row, keys[i].ordinal, same});
            }
        });
    return seen;
}

}  // namespace

bool LeftOutPictures::contains(const InputKey& key) const {
    return std::binary_search(pictures.begin(), pictures.end(), std::pair{key.row, key.ordinal});
}

LeftOutPictures left_out_pictures(const Collection& collection, const std::string& space,
                                  const SharedPictureOptions& options) {
    LeftOutPictures left_out;
    if (options.at_least <= 0 || !collection.space(space).source.is_picture()) return left_out;
    const auto shared = shared_pictures(collection, options.at_least);
    if (shared.empty()) return left_out;
    const auto seen = pictures_of(collection, space, shared);
    for (auto item = seen.begin(); item != seen.end();) {
        const auto end = std::find_if(item, seen.end(),
                                      [&](const Seen& other) { return other.row != item->row; });
        const bool bare = std::all_of(item, end, [](const Seen& one) { return one.shared; });
        if (bare && options.always) left_out.bare_rows.push_back(item->row);
        for (; item != end; ++item) {
            if (item->shared && (!bare || options.always))
                left_out.pictures.emplace_back(item->row, item->ordinal);
        }
    }
    return left_out;
}

}  // namespace pmatch
