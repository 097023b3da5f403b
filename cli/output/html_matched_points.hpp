/// Two pictures side by side with lines between the points on which they agree.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/ranking/verification.hpp"

namespace pmatch::cli {

/// The query's picture on the left, the item's on the right, neither side longer than `side`
/// pixels, and a line of text on what was found. Empty if the pictures were not compared, agree on
/// no more points than unrelated ones do, or cannot be read.
std::string html_matched_points(const Verification* found,
                                const std::vector<std::filesystem::path>& of_query,
                                const std::vector<std::filesystem::path>& of_item, int side);

}  // namespace pmatch::cli
