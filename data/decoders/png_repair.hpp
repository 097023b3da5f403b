/// Saves the pixels of a PNG file whose damage is not in them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace pmatch::detail {

/// A sound file of the same picture when all bytes of the pixels can be had from `png` although
/// the file is cut off behind them, or although the checksum of their chunk is wrong while the
/// compressed stream's own confirms them. Else empty; also when there are more than `max_pixels`.
std::vector<std::uint8_t> repair_png(std::span<const std::uint8_t> png, std::uint64_t max_pixels);

}  // namespace pmatch::detail
