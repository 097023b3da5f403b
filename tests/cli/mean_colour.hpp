/// A built-in descriptor made up for tests: the mean colour of a picture.
#pragma once

#include <array>
#include <cmath>
#include <vector>

#include "core/encoders/builtin.hpp"

namespace pmatch::test {

/// Red, green and blue of the mean, scaled to unit length; no picture is black.
inline Builtin mean_colour() {
    Builtin builtin;
    builtin.name = "mean-colour";
    builtin.about = "the mean of all pixels";
    builtin.settings = "rgb, version 1";
    builtin.dim = 3;
    builtin.normalized = true;
    builtin.describe = [](const Image& image) {
        std::array<double, 3> sums{};
        for (std::size_t i = 0; i < image.rgb.size(); ++i)
            sums.at(i % 3) += image.rgb[i];
        const double length = std::hypot(sums[0], sums[1], sums[2]);
        std::vector<float> vector;
        for (const double sum : sums)
            vector.push_back(static_cast<float>(sum / length));
        return vector;
    };
    return builtin;
}

/// One vector for each row of pixels: its first pixel.
inline Builtin first_pixels() {
    Builtin builtin;
    builtin.name = "first-pixels";
    builtin.dim = 3;
    builtin.vectors_per_input = VectorsPerInput::kVariable;
    builtin.describe = [](const Image& image) {
        std::vector<float> vectors;
        for (int y = 0; y < image.height; ++y) {
            for (std::size_t c = 0; c < 3; ++c)
                vectors.push_back(image.rgb[static_cast<std::size_t>(3 * y * image.width) + c]);
        }
        return vectors;
    };
    return builtin;
}

}  // namespace pmatch::test
