/// Orientation of pictures.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/common/image.hpp"

namespace pmatch {

/// An integer of the first directory of a TIFF structure, such as EXIF data. Empty if the tag is
/// missing or the structure is broken.
std::optional<std::uint32_t> tiff_tag(std::span<const std::uint8_t> tiff, std::uint16_t tag);

/// Whether the first directory and all values it refers to are present.
bool tiff_directory_is_whole(std::span<const std::uint8_t> tiff);

inline constexpr std::uint16_t kTiffWidth = 0x0100;
inline constexpr std::uint16_t kTiffHeight = 0x0101;
inline constexpr std::uint16_t kTiffOrientation = 0x0112;

/// Orientation 1 to 8 from EXIF data (with or without the leading "Exif" marker) or, if it has
/// none, from an XMP packet, as in Pillow; 1 by default.
int picture_orientation(std::span<const std::uint8_t> exif, std::string_view xmp);

/// Rotates and mirrors the picture to orientation 1.
Image upright(Image image, int orientation);

}  // namespace pmatch
