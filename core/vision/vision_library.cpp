#include "core/vision/vision_library.hpp"

#include <dlfcn.h>

#include "core/vision/vision_stamp.hpp"

namespace pmatch {
namespace {

const VisionFunctions& open_library() {
    const auto& functions =
        *static_cast<const VisionFunctions*>(open_companion(kVisionLibrary, RTLD_NOW | RTLD_LOCAL));
    check_companion_stamp(kVisionLibrary, functions.stamp, kVisionStamp);
    return functions;
}

const VisionFunctions& library() {
    static const VisionFunctions& functions = open_library();
    return functions;
}

}  // namespace

LabPicture small_lab(const Image& image, int longest) {
    return library().small_lab(image, longest);
}

Keypoints find_keypoints(const Image& image, const KeypointOptions& options) {
    return library().find_keypoints(image, options);
}

std::vector<Code> codes_in(const Image& image, const CodeOptions& options) {
    return library().codes_in(image, options);
}

Image resized_picture(const Image& image, int width, int height) {
    return library().resized_picture(image, width, height);
}

std::vector<TextBox> text_boxes(const TextMap& map, int width, int height,
                                const TextBoxOptions& options) {
    return library().text_boxes(map, width, height, options);
}

}  // namespace pmatch
