/// Common parts of HTML pages.
#pragma once

#include <filesystem>
#include <string>

namespace pmatch::cli {

/// Everything up to and including the heading and a line that explains the page, both plain text.
/// The page loads no external resources and looks like that of `pmatch serve`.
std::string html_head(const std::string& title, const std::string& legend);
std::string html_tail();

/// An embedded picture, neither side longer than `side` pixels; empty if it cannot be read.
std::string html_picture(const std::filesystem::path& file, int side);

}  // namespace pmatch::cli
