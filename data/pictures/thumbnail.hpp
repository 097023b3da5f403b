/// Thumbnails for HTML pages.
#pragma once

#include <filesystem>
#include <string>

namespace pmatch {

/// The picture as a "data:image/jpeg;base64,…" URI, scaled down so that neither side exceeds `side`
/// pixels; empty if it cannot be read.
std::string thumbnail_uri(const std::filesystem::path& picture, int side);

}  // namespace pmatch
