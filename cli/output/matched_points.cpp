#include "cli/output/matched_points.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

namespace pmatch::cli {
namespace {

constexpr std::size_t kMost = 60;

double tenths(double value) {
    constexpr double kTenths = 10;
    return std::round(value * kTenths) / kTenths;
}

}  // namespace

std::span<const PointPair> shown_points(const Verification* found) {
    if (found == nullptr || geometry_score(found->geometry.inliers()) == 0) return {};
    // Keypoints are stored with the strongest first.
    return std::span(found->geometry.pairs).first(std::min(found->geometry.inliers(), kMost));
}

nlohmann::ordered_json shown_points_json(const Verification* found) {
    const auto pairs = shown_points(found);
    if (pairs.empty()) return nullptr;
    auto points = nlohmann::ordered_json::array();
    for (const auto& [from, to] : pairs)
        points.push_back(std::array{tenths(to.x), tenths(to.y), tenths(from.x), tenths(from.y)});
    const KeypointOptions searched;
    return {{"query_picture", found->query_picture},
            {"item_picture", found->item_picture},
            {"longest_side", searched.longest_side},
            {"most_enlarged", searched.most_enlarged},
            {"degrees", tenths(found->geometry.transform.degrees())},
            {"points", std::move(points)}};
}

}  // namespace pmatch::cli
