/// The part of pmatch that includes OpenCV and ZXing is a shared library of its own, opened when a
/// picture is looked at: they bring a dozen others (X11, OpenGL, TBB …), whose loading takes a
/// third of what a query of texts does. The functions of core/vision that it holds are declared in
/// their own headers, and callers do not notice.
#pragma once

#include "core/files/companion_library.hpp"
#include "core/vision/keypoints.hpp"
#include "core/vision/lab_picture.hpp"
#include "core/vision/read_codes.hpp"
#include "core/vision/resized_picture.hpp"
#include "core/vision/text_boxes.hpp"

namespace pmatch {

struct VisionFunctions {
    const char* stamp;  ///< identifies its sources; checked before everything else

    decltype(&pmatch::small_lab) small_lab;
    decltype(&pmatch::find_keypoints) find_keypoints;
    decltype(&pmatch::codes_in) codes_in;
    decltype(&pmatch::resized_picture) resized_picture;
    decltype(&pmatch::text_boxes) text_boxes;
};

inline constexpr CompanionLibrary kVisionLibrary{"libpmatch_vision.so", "pmatch_vision",
                                                 "looks at pictures"};

}  // namespace pmatch
