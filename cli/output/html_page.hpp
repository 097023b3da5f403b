/// What our pages share.
#pragma once

#include <filesystem>
#include <string>

namespace pmatch::cli {

/// Up to and with <body>: a page that loads nothing from anywhere. `title` is plain text.
std::string html_head(const std::string& title);

/// The picture inside the page, neither side longer than `side` pixels; empty when it cannot be
/// read.
std::string html_picture(const std::filesystem::path& file, int side);

}  // namespace pmatch::cli
