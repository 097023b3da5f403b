/// Recovers PNG files whose pixel data is intact.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace pmatch::detail {

/// An intact file of the same picture, if all pixel data can be read although `png` is truncated
/// after it, or although the chunk's checksum is wrong while that of the compressed stream is
/// right. Otherwise empty; also if there are more than `max_pixels`.
std::vector<std::uint8_t> repair_png(std::span<const std::uint8_t> png, std::uint64_t max_pixels);

}  // namespace pmatch::detail
