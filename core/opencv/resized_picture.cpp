#include "core/vision/resized_picture.hpp"

#include <opencv2/imgproc.hpp>

#include "core/opencv/opencv.hpp"

namespace pmatch {

Image resized_picture(const Image& image, int width, int height) {
    Image result{width, height, {}};
    result.rgb.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
    guarded(image.width, image.height, "resize", [&] {
        cv::Mat resized(height, width, CV_8UC3, result.rgb.data());
        cv::resize(as_matrix(image), resized, resized.size());
    });
    return result;
}

}  // namespace pmatch
