/// Resizing of 8-bit pictures, bit for bit as Pillow 13 does it.
#pragma once

#include <cstdint>
#include <vector>

#include "core/common/image.hpp"
#include "models/package/package.hpp"

namespace pmatch {

/// A rectangle of the resized picture, in its pixels.
struct Window {
    int left = 0;
    int top = 0;
    int width = 0;
    int height = 0;
};

/// What Image.resize((width, height), filter) makes of `image`, but only the part inside `window`:
/// window.height x window.width x 3 bytes. The other pixels are not computed.
std::vector<std::uint8_t> resample(const Image& image, int width, int height, Filter filter,
                                   const Window& window);

}  // namespace pmatch
