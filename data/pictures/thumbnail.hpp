/// Small pictures for a page.
#pragma once

#include <filesystem>
#include <string>

namespace pmatch {

/// The picture as a "data:image/jpeg;base64,…" URI, shrunk so that neither side is longer than
/// `side` pixels; empty when it cannot be read.
std::string thumbnail_uri(const std::filesystem::path& picture, int side);

}  // namespace pmatch
