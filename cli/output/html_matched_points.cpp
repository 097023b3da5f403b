#include "cli/output/html_matched_points.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "cli/output/matched_points.hpp"
#include "data/pictures/thumbnail.hpp"

namespace pmatch::cli {
namespace {

constexpr int kGap = 16;  // pixels between the pictures

/// A thumbnail and its place in the drawing.
struct Placed {
    Thumbnail picture;
    int left = 0;

    /// Thumbnail pixels for each pixel of the picture as it was searched for keypoints.
    double scale() const {
        const auto searched = searched_size(picture.picture_width, picture.picture_height);
        return static_cast<double>(picture.width) / searched.width;
    }
    std::string image() const {
        return fmt::format("<image x=\"{}\" y=\"0\" width=\"{}\" height=\"{}\" href=\"{}\"/>", left,
                           picture.width, picture.height, picture.uri);
    }
};

struct Point {
    double x = 0;
    double y = 0;
};

Point drawn(const Keypoint& point, const Placed& on) {
    return {on.left + point.x * on.scale(), point.y * on.scale()};
}

std::string lines(std::span<const PointPair> pairs, const Placed& query, const Placed& item) {
    std::string svg;
    for (const auto& pair : pairs) {
        const auto a = drawn(pair.to, query);
        const auto b = drawn(pair.from, item);
        svg += fmt::format(
            "<line x1=\"{0:.1f}\" y1=\"{1:.1f}\" x2=\"{2:.1f}\" y2=\"{3:.1f}\"/>"
            "<circle cx=\"{0:.1f}\" cy=\"{1:.1f}\" r=\"2\"/>"
            "<circle cx=\"{2:.1f}\" cy=\"{3:.1f}\" r=\"2\"/>\n",
            a.x, a.y, b.x, b.y);
    }
    return svg;
}

/// "23 points lie alike; in the query turned by 12° and .5 times as large".
std::string words(const Geometry& geometry, const Placed& query, const Placed& item) {
    const auto size = [](const Thumbnail& picture) {
        return static_cast<double>(
                   searched_size(picture.picture_width, picture.picture_height).width) /
               picture.picture_width;
    };
    // The comparison saw both pictures reduced.
    const double scale = geometry.transform.scale() * size(item.picture) / size(query.picture);
    return fmt::format(
        "{} points lie alike; in the query {}turned by {:.0f}° and {:.2g} times as large",
        geometry.inliers(), geometry.mirrored ? "mirrored, " : "",
        std::abs(geometry.transform.degrees()), scale);
}

}  // namespace

std::string html_matched_points(const Verification* found,
                                const std::vector<std::filesystem::path>& of_query,
                                const std::vector<std::filesystem::path>& of_item, int side) {
    const auto pairs = shown_points(found);
    if (pairs.empty()) return {};
    if (found->query_picture >= of_query.size() || found->item_picture >= of_item.size()) return {};
    const Placed query{thumbnail(of_query[found->query_picture], side), 0};
    const Placed item{thumbnail(of_item[found->item_picture], side), query.picture.width + kGap};
    if (query.picture.uri.empty() || item.picture.uri.empty()) return {};
    const int width = item.left + item.picture.width;
    const int height = std::max(query.picture.height, item.picture.height);
    const auto said = words(found->geometry, query, item);
    return fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} "
        "{1}\" role=\"img\" aria-label=\"{2}\">\n{3}{4}\n{5}</svg>\n<p>{2}</p>\n",
        width, height, said, query.image(), item.image(), lines(pairs, query, item));
}

}  // namespace pmatch::cli
