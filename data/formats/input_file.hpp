/// Opens input files for sequential reading.
#pragma once

#include <filesystem>
#include <istream>
#include <memory>
#include <string>

namespace pmatch {

/// Throws Error when the file is missing, a directory or unreadable.
std::unique_ptr<std::istream> open_input(const std::filesystem::path& file);

/// The extension with its dot in small letters: ".csv" for CATALOG.CSV.
std::string lower_extension(const std::filesystem::path& file);

}  // namespace pmatch
