#include "core/vision/text_box.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <utility>

namespace pmatch {
namespace {

struct Vector {
    double x = 0;
    double y = 0;
};

double dot(const Vector& a, const Vector& b) {
    return a.x * b.x + a.y * b.y;
}
double cross(const Vector& a, const Vector& b) {
    return a.x * b.y - a.y * b.x;
}

/// Twice the area, positive if the corners go round clockwise as seen.
double doubled_area(const std::vector<Vector>& corners) {
    double sum = 0;
    for (std::size_t i = 0; i < corners.size(); ++i)
        sum += cross(corners[i], corners[(i + 1) % corners.size()]);
    return sum;
}

double circumference(const TextBox& box) {
    double sum = 0;
    for (std::size_t i = 0; i < box.size(); ++i) {
        const auto& next = box.at((i + 1) % box.size());
        sum +=
            std::hypot(double{next.x} - double{box.at(i).x}, double{next.y} - double{box.at(i).y});
    }
    return sum;
}

/// On whole pixels, towards 0, clockwise, without repetitions.
std::vector<Vector> whole_corners(const TextBox& box) {
    std::vector<Vector> corners;
    for (const auto& corner : box) {
        const Vector whole{std::trunc(double{corner.x}), std::trunc(double{corner.y})};
        const auto same = [&](const Vector& other) {
            return other.x == whole.x && other.y == whole.y;
        };
        if (std::none_of(corners.begin(), corners.end(), same)) corners.push_back(whole);
    }
    if (doubled_area(corners) < 0) std::reverse(corners.begin(), corners.end());
    return corners;
}

/// Of unit length, outwards.
std::vector<Vector> normals_of(const std::vector<Vector>& corners) {
    std::vector<Vector> normals;
    for (std::size_t i = 0; i < corners.size(); ++i) {
        const auto& from = corners[i];
        const auto& to = corners[(i + 1) % corners.size()];
        const double length = std::hypot(to.x - from.x, to.y - from.y);
        normals.push_back({(to.y - from.y) / length, (from.x - to.x) / length});
    }
    return normals;
}

/// The angle between points of an arc of this radius.
double arc_step(double radius) {
    constexpr double kOff = 0.25;
    const double off = std::min(kOff, kOff * radius);
    const double steps =
        std::min(std::numbers::pi / std::acos(1 - off / radius), std::numbers::pi * radius);
    return 2 * std::numbers::pi / steps;
}

}  // namespace

float distance(const Corner& a, const Corner& b) {
    const float x = a.x - b.x;
    const float y = a.y - b.y;
    return std::sqrt(x * x + y * y);
}

TextBox in_corner_order(TextBox box) {
    std::stable_sort(box.begin(), box.end(),
                     [](const Corner& a, const Corner& b) { return a.x < b.x; });
    if (box[1].y < box[0].y) std::swap(box[0], box[1]);
    if (box[3].y < box[2].y) std::swap(box[2], box[3]);
    return {box[0], box[2], box[3], box[1]};
}

void put_in_reading_order(std::vector<TextBox>& boxes) {
    constexpr float kSameLine = 10;
    std::stable_sort(boxes.begin(), boxes.end(), [](const TextBox& a, const TextBox& b) {
        return std::pair(a[0].y, a[0].x) < std::pair(b[0].y, b[0].x);
    });
    for (std::size_t i = 1; i < boxes.size(); ++i) {
        for (auto at = i; at > 0; --at) {
            auto& left = boxes[at - 1];
            auto& right = boxes[at];
            if (std::abs(right[0].y - left[0].y) >= kSameLine || right[0].x >= left[0].x) break;
            std::swap(left, right);
        }
    }
}

std::vector<GridPoint> grown(const TextBox& box, double ratio) {
    std::vector<Vector> exact;
    for (const auto& corner : box)
        exact.push_back({double{corner.x}, double{corner.y}});
    const double radius = std::abs(doubled_area(exact)) / 2 * ratio / circumference(box);
    const auto corners = whole_corners(box);
    if (corners.size() < 3 || !(radius > 0)) return {};
    const auto normals = normals_of(corners);
    const double step = arc_step(radius);
    std::vector<GridPoint> outline;
    const auto add = [&](const Vector& corner, const Vector& direction) {
        outline.push_back(
            {static_cast<std::int32_t>(std::lround(corner.x + radius * direction.x)),
             static_cast<std::int32_t>(std::lround(corner.y + radius * direction.y))});
    };
    for (std::size_t i = 0; i < corners.size(); ++i) {
        const auto& before = normals[(i + corners.size() - 1) % corners.size()];
        const auto& behind = normals[i];
        const double angle = std::atan2(cross(before, behind), dot(before, behind));
        add(corners[i], before);
        // Less than a pixel between both.
        if (std::abs(cross(before, behind) * radius) < 1 && dot(before, behind) > 0) continue;
        const auto steps = std::max(1L, std::lround(std::abs(angle) / step));
        for (long k = 1; k < steps; ++k) {
            const double turned = step * static_cast<double>(k);
            add(corners[i], {before.x * std::cos(turned) - before.y * std::sin(turned),
                             before.x * std::sin(turned) + before.y * std::cos(turned)});
        }
        add(corners[i], behind);
    }
    return outline;
}

}  // namespace pmatch
