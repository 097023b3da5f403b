/// Internal to data/: the variant of PNG that Apple's tools put into apps (pngcrush -iphone). A
/// chunk "CgBI" comes first, the pixels are compressed without zlib's frame, their channels are
/// blue, green, red and, multiplied into them, alpha.
#pragma once

#include <cstdint>
#include <vector>

#include "data/decoders/picture_decoders.hpp"

namespace pmatch::detail {

bool is_apple_png(Bytes png);

/// A PNG file with the same pixels, in Apple's order of channels. Empty if they cannot be read, or
/// are more than `max_pixels`.
std::vector<std::uint8_t> framed_png(Bytes apple, std::uint64_t max_pixels);

/// Composites pixels in Apple's order on white: red, green, blue.
void to_rgb_on_white(Pixels& pixels);

}  // namespace pmatch::detail
