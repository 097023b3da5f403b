/// Finds the lines of text in a picture by a network's map.
#pragma once

#include <vector>

#include "core/vision/text_box.hpp"

namespace pmatch {

/// How likely each place of a picture is part of a line: 0 to 1, row-major.
struct TextMap {
    int width = 0;
    int height = 0;
    std::vector<float> values;
};

struct TextBoxOptions {
    float text = 0.3F;  ///< what is more likely is text
    double sure = 0.5;  ///< the mean over a box, from which on it is taken
    double grow = 1.6;  ///< as grown() takes it
    int most = 1000;    ///< boxes
};

/// The boxes in a picture of `width` x `height` pixels, of which `map` is, in reading order and on
/// whole pixels of the picture. Equal maps give equal boxes.
std::vector<TextBox> text_boxes(const TextMap& map, int width, int height,
                                const TextBoxOptions& options = {});

}  // namespace pmatch
