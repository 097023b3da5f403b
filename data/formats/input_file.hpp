/// A file that is read from its beginning to its end.
#pragma once

#include <filesystem>
#include <istream>
#include <memory>

namespace pmatch {

/// Throws Error when the file is missing, a directory or unreadable.
std::unique_ptr<std::istream> open_input(const std::filesystem::path& file);

}  // namespace pmatch
