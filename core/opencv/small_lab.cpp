#include "core/vision/lab_picture.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "core/opencv/opencv.hpp"

namespace pmatch {
namespace {

int shrunk(int side, double factor) {
    return std::max(1, static_cast<int>(std::lround(side * factor)));
}

}  // namespace

LabPicture small_lab(const Image& image, int longest) {
    return guarded(image.width, image.height, "convert", [&] {
        cv::Mat picture = as_matrix(image);
        const double factor = static_cast<double>(longest) / std::max(image.width, image.height);
        if (factor < 1) {
            cv::Mat smaller;
            cv::resize(picture, smaller,
                       {shrunk(image.width, factor), shrunk(image.height, factor)}, 0, 0,
                       cv::INTER_AREA);
            picture = smaller;
        }
        LabPicture result{picture.cols, picture.rows, {}};
        result.lab.resize(picture.total() * 3);
        cv::Mat lab(picture.rows, picture.cols, CV_8UC3, result.lab.data());
        cv::cvtColor(picture, lab, cv::COLOR_RGB2Lab);
        return result;
    });
}

}  // namespace pmatch
