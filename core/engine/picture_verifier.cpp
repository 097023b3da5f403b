#include "core/engine/picture_verifier.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "core/ranking/verification.hpp"
#include "core/threads/parallel.hpp"

namespace pmatch {
namespace {

struct QueryKeypoints {
    std::size_t picture = 0;
    Keypoints keypoints;
};

std::vector<QueryKeypoints> keypoints_of(const Query& query, const KeypointSource& source) {
    std::vector<QueryKeypoints> found;
    const auto count = std::min(query.pictures.size(), kVerifiedQueryPictures);
    for (std::size_t i = 0; i < count; ++i) {
        // A picture that cannot be read is told of where the lists are made.
        auto result = source.of_picture(query.pictures[i]);
        auto* keypoints = std::get_if<Keypoints>(&result);
        if (keypoints != nullptr && !keypoints->points.empty())
            found.push_back({i, std::move(*keypoints)});
    }
    return found;
}

/// The pair of pictures with the most inliers, of equal ones the first.
std::shared_ptr<const Verification> best_pair(const std::vector<QueryKeypoints>& query,
                                              const std::vector<ItemKeypoints>& item,
                                              const GeometryOptions& options) {
    auto best = std::make_shared<Verification>();
    bool any = false;
    for (const auto& [item_picture, of_item] : item) {
        for (const auto& [query_picture, of_query] : query) {
            auto geometry = compare_geometry(of_item, of_query, options);
            if (any && geometry.inliers() <= best->geometry.inliers()) continue;
            *best = {query_picture, item_picture, std::move(geometry)};
            any = true;
        }
    }
    return any ? best : nullptr;
}

}  // namespace

void PictureVerifier::verify(const Query& query, std::vector<RankedItem>& items,
                             const Execution& execution) const {
    if (!source_ || items.empty()) return;
    const auto of_query = keypoints_of(query, *source_);
    if (of_query.empty()) return;
    GeometryOptions geometry;
    geometry.mirrored = options_.mirrored;
    const auto compare = [&](RankedItem& item) {
        const auto found =
            best_pair(of_query, source_->of_item(item.row, kVerifiedItemPictures), geometry);
        if (!found) return;
        item.verified = found;
        item.inliers = static_cast<int>(found->geometry.inliers());
        item.verify_part = options_.weight * geometry_score(found->geometry.inliers());
        item.score += item.verify_part;
    };
    const auto count = std::min(items.size(), options_.top);
    for_pieces(
        count, execution.threads,
        [&](std::size_t begin, std::size_t end) {
            for (auto i = begin; i < end; ++i)
                compare(items[i]);
        },
        1);
}

}  // namespace pmatch
