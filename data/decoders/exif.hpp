/// Which way up a picture is.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/common/image.hpp"

namespace pmatch {

/// A whole number from the first directory of a TIFF structure, which EXIF data is as well.
/// Empty when the tag is not there or the structure is broken.
std::optional<std::uint32_t> tiff_tag(std::span<const std::uint8_t> tiff, std::uint16_t tag);

/// The first directory is all there, and so is every value that its entries point to.
bool tiff_directory_is_whole(std::span<const std::uint8_t> tiff);

inline constexpr std::uint16_t kTiffWidth = 0x0100;
inline constexpr std::uint16_t kTiffHeight = 0x0101;
inline constexpr std::uint16_t kTiffOrientation = 0x0112;

/// Orientation 1 to 8 from EXIF data (with or without the "Exif" mark in front), or, when that
/// has none, from an XMP packet, as Pillow does; 1 when neither says.
int picture_orientation(std::span<const std::uint8_t> exif, std::string_view xmp);

/// Turns and mirrors the picture so that orientation 1 is right for it.
Image upright(Image image, int orientation);

}  // namespace pmatch
