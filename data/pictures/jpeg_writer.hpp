/// Pictures for people to look at.
#pragma once

#include <cstdint>
#include <vector>

#include "core/common/image.hpp"

namespace pmatch {

/// A JPEG file, `quality` 1 to 100. Empty when libjpeg cannot make it: too large, no memory.
std::vector<std::uint8_t> encode_jpeg(const Image& image, int quality);

}  // namespace pmatch
