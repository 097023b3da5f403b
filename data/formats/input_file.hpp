/// Opens input files for sequential reading.
#pragma once

#include <filesystem>
#include <istream>
#include <memory>

namespace pmatch {

/// Throws Error when the file is missing, a directory or unreadable.
std::unique_ptr<std::istream> open_input(const std::filesystem::path& file);

}  // namespace pmatch
