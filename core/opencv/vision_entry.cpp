/// The only exported symbol of the library that includes OpenCV.
#include "core/vision/vision_library.hpp"
#include "core/vision/vision_stamp.hpp"

extern "C" __attribute__((visibility("default"))) const pmatch::VisionFunctions* pmatch_vision() {
    static constexpr pmatch::VisionFunctions kFunctions{
        pmatch::kVisionStamp, pmatch::small_lab,       pmatch::find_keypoints,
        pmatch::codes_in,     pmatch::resized_picture, pmatch::text_boxes,
    };
    return &kFunctions;
}
