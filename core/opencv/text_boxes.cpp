#include "core/vision/text_boxes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "core/opencv/opencv.hpp"

namespace pmatch {
namespace {

constexpr float kThinnest = 3;  ///< pixels of the map, before a box is grown
constexpr float kThinnestGrown = 5;
constexpr int kThinnestSeen = 3;  ///< pixels of the picture

TextBox corners_of(const cv::RotatedRect& box) {
    std::array<cv::Point2f, 4> points;
    box.points(points.data());
    TextBox corners;
    std::transform(points.begin(), points.end(), corners.begin(), [](const cv::Point2f& point) {
        return Corner{point.x, point.y};
    });
    return in_corner_order(corners);
}

/// The mean of the map inside the box.
double sureness(const cv::Mat& map, const TextBox& box) {
    const auto [left, right] = std::minmax({box[0].x, box[1].x, box[2].x, box[3].x});
    const auto [top, bottom] = std::minmax({box[0].y, box[1].y, box[2].y, box[3].y});
    const auto inside = [](float value, int size) {
        return std::clamp(static_cast<int>(value), 0, size - 1);
    };
    const cv::Point from(inside(std::floor(left), map.cols), inside(std::floor(top), map.rows));
    const cv::Point to(inside(std::ceil(right), map.cols), inside(std::ceil(bottom), map.rows));
    const cv::Rect part(from, to + cv::Point(1, 1));
    std::vector<cv::Point> outline;
    for (const auto& corner : box) {
        outline.emplace_back(static_cast<int>(corner.x - static_cast<float>(from.x)),
                             static_cast<int>(corner.y - static_cast<float>(from.y)));
    }
    cv::Mat mask = cv::Mat::zeros(part.size(), CV_8U);
    cv::fillPoly(mask, std::vector{outline}, 1);
    return cv::mean(map(part), mask)[0];
}

/// From pixels of the map to whole pixels of the picture.
TextBox scaled(TextBox box, const cv::Size& from, const cv::Size& to) {
    const auto scale = [](float value, int was, int is) {
        const auto size = static_cast<float>(is);
        return std::clamp(std::nearbyint(value / static_cast<float>(was) * size), 0.0F, size);
    };
    for (auto& corner : box)
        corner = {scale(corner.x, from.width, to.width), scale(corner.y, from.height, to.height)};
    return box;
}

/// Inside the picture, corners in order; false if it is too thin to be read.
bool make_readable(TextBox& box, const cv::Size& picture) {
    box = in_corner_order(box);
    for (auto& corner : box) {
        corner.x = std::clamp(corner.x, 0.0F, static_cast<float>(picture.width - 1));
        corner.y = std::clamp(corner.y, 0.0F, static_cast<float>(picture.height - 1));
    }
    return static_cast<int>(distance(box[0], box[1])) > kThinnestSeen &&
           static_cast<int>(distance(box[0], box[3])) > kThinnestSeen;
}

std::vector<std::vector<cv::Point>> outlines(const cv::Mat& map, float text) {
    cv::Mat mask = map > text;
    cv::dilate(mask, mask, cv::Mat::ones(2, 2, CV_8U));
    std::vector<std::vector<cv::Point>> found;
    cv::findContours(mask, found, cv::RETR_LIST, cv::CHAIN_APPROX_SIMPLE);
    return found;
}

std::vector<TextBox> boxes_in(const cv::Mat& map, const cv::Size& picture,
                              const TextBoxOptions& options) {
    auto found = outlines(map, options.text);
    if (found.size() > static_cast<std::size_t>(options.most))
        found.resize(static_cast<std::size_t>(options.most));
    std::vector<TextBox> boxes;
    for (const auto& outline : found) {
        const auto tight = cv::minAreaRect(outline);
        if (std::min(tight.size.width, tight.size.height) < kThinnest) continue;
        const auto core = corners_of(tight);
        if (sureness(map, core) < options.sure) continue;
        std::vector<cv::Point> whole;
        for (const auto& point : grown(core, options.grow))
            whole.emplace_back(point.x, point.y);
        if (whole.empty()) continue;
        const auto wide = cv::minAreaRect(whole);
        if (std::min(wide.size.width, wide.size.height) < kThinnestGrown) continue;
        auto box = scaled(corners_of(wide), map.size(), picture);
        if (make_readable(box, picture)) boxes.push_back(box);
    }
    put_in_reading_order(boxes);
    return boxes;
}

}  // namespace

std::vector<TextBox> text_boxes(const TextMap& map, int width, int height,
                                const TextBoxOptions& options) {
    return guarded(width, height, "find text in", [&] {
        // Not written to: OpenCV has no matrix of constant data.
        const cv::Mat values(map.height, map.width, CV_32F, const_cast<float*>(map.values.data()));
        return boxes_in(values, {width, height}, options);
    });
}

}  // namespace pmatch
