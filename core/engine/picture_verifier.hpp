/// A recipe's stage `verify`: the best items are compared with the query picture by picture, point
/// by point, and what lies alike adds to their score.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "core/common/observer.hpp"
#include "core/engine/keypoint_source.hpp"
#include "core/ranking/fusion.hpp"
#include "core/ranking/recipe.hpp"
#include "core/retrieval/query.hpp"

namespace pmatch {

/// Bounds of the work for one query: at most so many pictures of each side are compared with each
/// other.
inline constexpr std::size_t kVerifiedQueryPictures = 4;
inline constexpr std::size_t kVerifiedItemPictures = 4;

/// Thread-safe.
class PictureVerifier {
public:
    /// `source`: nullptr if the collection lacks the space; then nothing is compared.
    PictureVerifier(VerifyOptions options, std::unique_ptr<const KeypointSource> source)
        : options_(std::move(options)), source_(std::move(source)) {}

    /// Compares the first VerifyOptions::top of `items`, best first, and adds to their scores
    ///     weight · ln(1 + max(0, inliers - 4)),
    /// inliers those of the best pair of pictures. Nothing is subtracted, so the others stay behind
    /// them. A query without a readable picture, or with pictures that have no keypoints, changes
    /// nothing. Does not reorder.
    void verify(const Query& query, std::vector<RankedItem>& items,
                const Execution& execution) const;

private:
    VerifyOptions options_;
    std::unique_ptr<const KeypointSource> source_;
};

}  // namespace pmatch
