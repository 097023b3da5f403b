#include "core/opencv/bar_patches.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace pmatch {
namespace {

// Chosen on codes pasted in the train photos of the Grocery Store Dataset.
constexpr int kCell = 8;            // pixels: the tensor is averaged over cells
constexpr int kAround = 3;          // cells: and over this neighbourhood
constexpr float kCoherence = 0.6F;  // of 1: all edges run in one direction
constexpr float kEnergy = 400.0F;   // squared brightness steps a pixel
constexpr int kFewestCells = 8;
constexpr double kMargin = 1.35;  // of a patch's sides

/// The structure tensor (Förstner and Gülch 1987) in cells: xx, yy and xy.
struct Tensor {
    cv::Mat xx, yy, xy;
};

cv::Mat in_cells(const cv::Mat& values) {
    cv::Mat cells;
    const cv::Size size(std::max(1, values.cols / kCell), std::max(1, values.rows / kCell));
    cv::resize(values, cells, size, 0, 0, cv::INTER_AREA);
    cv::blur(cells, cells, {kAround, kAround});
    return cells;
}

Tensor tensor_of(const cv::Mat& gray) {
    cv::Mat dx, dy;
    cv::Sobel(gray, dx, CV_32F, 1, 0, 3, 1.0 / 8);
    cv::Sobel(gray, dy, CV_32F, 0, 1, 3, 1.0 / 8);
    return {in_cells(dx.mul(dx)), in_cells(dy.mul(dy)), in_cells(dx.mul(dy))};
}

/// 255 where there are strong edges of one direction.
cv::Mat mask_of(const Tensor& tensor) {
    cv::Mat length;
    cv::magnitude(tensor.xx - tensor.yy, 2 * tensor.xy, length);
    const cv::Mat energy = tensor.xx + tensor.yy;
    const cv::Mat mask = (length > kCoherence * energy) & (energy > kEnergy);
    cv::Mat closed;
    cv::morphologyEx(mask, closed, cv::MORPH_CLOSE, cv::Mat::ones(3, 3, CV_8U));
    return closed;
}

/// The smallest upright rectangle around `points` in axes that are turned by `radians`.
cv::RotatedRect turned_box(const std::vector<cv::Point>& points, double radians) {
    const double c = std::cos(radians);
    const double s = std::sin(radians);
    double low_u = 1e9, high_u = -1e9, low_v = 1e9, high_v = -1e9;
    for (const auto& point : points) {
        const double u = c * point.x + s * point.y;
        const double v = -s * point.x + c * point.y;
        low_u = std::min(low_u, u);
        high_u = std::max(high_u, u);
        low_v = std::min(low_v, v);
        high_v = std::max(high_v, v);
    }
    const double u = (low_u + high_u) / 2;
    const double v = (low_v + high_v) / 2;
    const auto f = [](double value) { return static_cast<float>(value); };
    return {cv::Point2f(f((c * u - s * v + 0.5) * kCell), f((s * u + c * v + 0.5) * kCell)),
            cv::Size2f(f((high_u - low_u + 1) * kCell), f((high_v - low_v + 1) * kCell)),
            f(radians * 180 / CV_PI)};
}

}  // namespace

std::vector<BarPatch> bar_patches(const cv::Mat& gray, std::size_t most) {
    const auto tensor = tensor_of(gray);
    cv::Mat labels, stats, centres;
    const int count = cv::connectedComponentsWithStats(mask_of(tensor), labels, stats, centres);
    std::vector<BarPatch> patches;
    for (int label = 1; label < count; ++label) {
        if (stats.at<int>(label, cv::CC_STAT_AREA) < kFewestCells) continue;
        const cv::Mat here = labels == label;
        const auto sum = [&](const cv::Mat& part) { return cv::mean(part, here)[0]; };
        const double xx = sum(tensor.xx);
        const double yy = sum(tensor.yy);
        std::vector<cv::Point> cells;
        cv::findNonZero(here, cells);
        const double radians = 0.5 * std::atan2(2 * sum(tensor.xy), xx - yy);
        patches.push_back(
            {turned_box(cells, radians), (xx + yy) * static_cast<double>(cells.size())});
    }
    std::stable_sort(patches.begin(), patches.end(),
                     [](const BarPatch& a, const BarPatch& b) { return a.strength > b.strength; });
    if (patches.size() > most) patches.resize(most);
    return patches;
}

cv::Mat upright_patch(const cv::Mat& gray, const BarPatch& patch, double scale, int most_pixels) {
    const auto& box = patch.box;
    const double wide = box.size.width * kMargin + 4 * kCell;
    const double high = box.size.height * kMargin;
    scale = std::min(scale, std::sqrt(most_pixels / (wide * high)));
    const cv::Size size(std::max(1, static_cast<int>(wide * scale)),
                        std::max(1, static_cast<int>(high * scale)));
    auto how = cv::getRotationMatrix2D(box.center, box.angle, scale);
    how.at<double>(0, 2) += size.width / 2.0 - box.center.x;
    how.at<double>(1, 2) += size.height / 2.0 - box.center.y;
    cv::Mat result;
    cv::warpAffine(gray, result, how, size, cv::INTER_CUBIC, cv::BORDER_REPLICATE);
    return result;
}

}  // namespace pmatch
