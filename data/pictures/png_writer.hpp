/// Encodes pictures without loss.
#pragma once

#include <cstdint>
#include <vector>

#include "core/common/image.hpp"

namespace pmatch {

/// A PNG file with the picture's colour profile, written for speed rather than size. Empty if
/// libpng fails: picture too large, out of memory.
std::vector<std::uint8_t> encode_png(const Image& image);

}  // namespace pmatch
