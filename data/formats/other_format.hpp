/// Files that people give for a catalog and that are none: told by their first bytes or extension.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace pmatch {

/// Throws Error, saying what the file is and how it becomes a catalog, if the first bytes are those
/// of such a file.
void check_is_no_other_format(std::string_view start, const std::string& name);

/// The same by the extension.
void check_is_no_other_format(const std::filesystem::path& file);

}  // namespace pmatch
