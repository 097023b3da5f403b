/// From what a catalog says about a picture to the file it means.
#pragma once

#include <filesystem>
#include <string_view>
#include <variant>

#include "core/skipped.hpp"

namespace pmatch {

/// Relative paths start at `root` (empty: the current directory). With `confine` a file outside
/// `root`, by `..`, an absolute path or a symbolic link, is the Problem "outside_image_root",
/// and one that is not there is "missing"; the path returned is then free of symbolic links. A URL
/// is "is_a_url": pmatch fetches nothing.
std::variant<std::filesystem::path, Problem> resolve_picture(std::string_view written,
                                                             const std::filesystem::path& root,
                                                             bool confine);

}  // namespace pmatch
