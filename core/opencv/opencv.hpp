/// Internal to core/opencv, the one folder that includes OpenCV: its types for ours.
#pragma once

#include <fmt/format.h>

#include <opencv2/core.hpp>

#include "core/common/error.hpp"
#include "core/common/image.hpp"

namespace pmatch {

/// The picture's own pixels as height x width of 8-bit R, G, B; valid while `image` is. Not copied:
/// OpenCV has no matrix of constant data, so what is returned must not be written to.
inline cv::Mat as_matrix(const Image& image) {
    // Pictures are worked on side by side by the caller's threads, so OpenCV needs none of its own.
    static const bool one_thread = (cv::setNumThreads(1), true);
    static_cast<void>(one_thread);
    return cv::Mat(image.height, image.width, CV_8UC3, const_cast<std::uint8_t*>(image.rgb.data()));
}

/// Runs `work` on a picture of this size; OpenCV's exceptions become ours: "OpenCV could not
/// `doing` a picture …".
template <typename Work>
auto guarded(int width, int height, const char* doing, const Work& work) {
    try {
        return work();
    } catch (const cv::Exception& error) {
        throw Error{fmt::format("OpenCV could not {} a picture of {} x {} pixels: {}", doing, width,
                                height, error.err),
                    {},
                    "report it as a bug of pmatch, with the picture"};
    }
}

}  // namespace pmatch
