#if __has_include(<opencv2/calib3d.hpp>)
#include <opencv2/calib3d.hpp>
#else
#include <opencv2/3d.hpp>
#endif

#include "core/opencv/opencv.hpp"
#include "core/vision/descriptor_matches.hpp"
#include "core/vision/geometry.hpp"

namespace pmatch {

Geometry compare_geometry(const Keypoints& from, const Keypoints& to,
                          const GeometryOptions& options) {
    Geometry geometry;
    const auto matches = match_descriptors(from, to, options.ratio);
    geometry.matches = matches.size();
    if (matches.size() <= options.by_chance) return geometry;
    std::vector<cv::Point2f> sources;
    std::vector<cv::Point2f> targets;
    for (const auto& match : matches) {
        sources.emplace_back(from.points[match.from].x, from.points[match.from].y);
        targets.emplace_back(to.points[match.to].x, to.points[match.to].y);
    }
    // OpenCV starts its random numbers anew in each call.
    std::vector<std::uint8_t> agrees;
    const cv::Mat found =
        cv::estimateAffinePartial2D(sources, targets, agrees, cv::RANSAC, options.tolerance);
    if (found.empty()) return geometry;
    const Similarity transform{found.at<double>(0, 0), found.at<double>(1, 0),
                               found.at<double>(0, 2), found.at<double>(1, 2)};
    const double scale = transform.scale();
    if (!(scale >= options.smallest_scale && scale <= options.largest_scale)) return geometry;
    geometry.transform = transform;
    for (std::size_t i = 0; i < matches.size(); ++i) {
        if (agrees[i] != 0)
            geometry.pairs.push_back({from.points[matches[i].from], to.points[matches[i].to]});
    }
    return geometry;
}

}  // namespace pmatch
