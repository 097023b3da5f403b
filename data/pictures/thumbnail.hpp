/// Thumbnails for HTML pages.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace pmatch {

struct Thumbnail {
    std::string uri;  ///< empty: the picture cannot be read
    int width = 0;    ///< pixels
    int height = 0;
    int picture_width = 0;  ///< of the picture itself
    int picture_height = 0;
};

Thumbnail thumbnail(const std::filesystem::path& picture, int side);

/// The picture as a "data:image/jpeg;base64,…" URI, scaled down so that neither side exceeds `side`
/// pixels; empty if it cannot be read.
std::string thumbnail_uri(const std::filesystem::path& picture, int side);

/// The same as the bytes of a JPEG file.
std::vector<std::uint8_t> thumbnail_jpeg(const std::filesystem::path& picture, int side);

}  // namespace pmatch
