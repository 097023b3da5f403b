/// Recovers PNG files whose pixel data is intact.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace pmatch::detail {

/// How the pixels are compressed: in zlib's frame, as the format wants, or without it.
enum class PngStream { kZlib, kRaw };

/// An intact file of the same picture, if all pixel data can be read although `png` is truncated
/// after it, or although one of the two checksums, the chunks' and the compressed stream's, is
/// wrong while the other is right. Otherwise empty; also if there are more than `max_pixels`.
std::vector<std::uint8_t> repair_png(std::span<const std::uint8_t> png, std::uint64_t max_pixels,
                                     PngStream stream = PngStream::kZlib);

}  // namespace pmatch::detail
