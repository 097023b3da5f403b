/// From what a catalog says about a picture to the file it means.
#pragma once

#include <filesystem>
#include <string_view>
#include <system_error>
#include <variant>

#include "core/common/problem.hpp"

namespace pmatch {

/// Relative paths start at `root` (empty: the current directory). With `confine` a file outside
/// `root`, by `..`, an absolute path or a symbolic link, is the Problem "outside_image_root",
/// one that is not there is "missing", one whose path cannot be followed (a loop of links)
/// "unreadable"; the path returned is then free of symbolic links. A URL is "is_a_url": pmatch
/// fetches nothing.
std::variant<std::filesystem::path, Problem> resolve_picture(std::string_view written,
                                                             const std::filesystem::path& root,
                                                             bool confine);

/// Nothing has the name: no damage, and no lack of rights.
inline bool is_missing(const std::error_code& error) {
    return error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory;
}

}  // namespace pmatch
