/// Resolves the picture paths of a catalog.
#pragma once

#include <filesystem>
#include <string_view>
#include <system_error>
#include <variant>

#include "core/common/problem.hpp"

namespace pmatch {

/// Relative paths start at `root` (empty: the current directory). With `confine` the returned path
/// has no symbolic links; a file outside `root`, by `..`, an absolute path or a symbolic link, is
/// the Problem "outside_image_root", a missing one "missing", one whose path cannot be resolved (a
/// loop of links) "unreadable". A URL is "is_a_url": pmatch downloads nothing.
std::variant<std::filesystem::path, Problem> resolve_picture(std::string_view written,
                                                             const std::filesystem::path& root,
                                                             bool confine);

/// Whether the file does not exist, as opposed to damage or missing permissions.
inline bool is_missing(const std::error_code& error) {
    return error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory;
}

}  // namespace pmatch
