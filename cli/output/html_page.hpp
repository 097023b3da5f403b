/// Common parts of HTML pages.
#pragma once

#include <filesystem>
#include <string>

namespace pmatch::cli {

/// Everything up to and including <body>; the page loads no external resources. `title` is plain
/// text.
std::string html_head(const std::string& title);

/// An embedded picture, neither side longer than `side` pixels; empty if it cannot be read.
std::string html_picture(const std::filesystem::path& file, int side);

}  // namespace pmatch::cli
