/// Resizes 8-bit pictures, bit-identical to Pillow 13.
#pragma once

#include <cstdint>
#include <vector>

#include "core/common/image.hpp"
#include "models/package/package.hpp"

namespace pmatch {

/// A rectangle of the resized picture, in its pixel coordinates.
struct Window {
    int left = 0;
    int top = 0;
    int width = 0;
    int height = 0;
};

/// Pillow's Image.resize((width, height), filter), restricted to `window`: window.height x
/// window.width x 3 bytes. Other pixels are not computed.
std::vector<std::uint8_t> resample(const Image& image, int width, int height, Filter filter,
                                   const Window& window);

}  // namespace pmatch
