/// SHA-256: verifies a file's identity. To detect damage only, see core/files/hash.hpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace pmatch {

/// 64 lower-case hexadecimal digits.
std::string sha256(std::string_view data);

/// The same for a file's content. Throws Error if it cannot be read or is not a regular file.
std::string sha256_of_file(const std::filesystem::path& file);

}  // namespace pmatch
