/// Pictures drawn by a function, for tests.
#pragma once

#include "core/common/image.hpp"

namespace pmatch::test {

struct Colour {
    unsigned char r = 0;
    unsigned char g = 0;
    unsigned char b = 0;
};

template <typename ColourAt>
Image drawn(int width, int height, ColourAt colour_at) {
    Image image;
    image.width = width;
    image.height = height;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const Colour colour = colour_at(x, y);
            image.rgb.insert(image.rgb.end(), {colour.r, colour.g, colour.b});
        }
    }
    return image;
}

/// A square of `colour` in the middle of a square picture, `margin` pixels from each side.
inline Image square_on(Colour ground, Colour colour, int side, int margin) {
    return drawn(side, side, [=](int x, int y) {
        const bool inside = x >= margin && y >= margin && x < side - margin && y < side - margin;
        return inside ? colour : ground;
    });
}

}  // namespace pmatch::test
