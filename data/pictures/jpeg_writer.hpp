/// Encodes pictures for display.
#pragma once

#include <cstdint>
#include <vector>

#include "core/common/image.hpp"

namespace pmatch {

/// A JPEG file, `quality` 1 to 100. Empty if libjpeg fails: picture too large, out of memory.
std::vector<std::uint8_t> encode_jpeg(const Image& image, int quality);

}  // namespace pmatch
