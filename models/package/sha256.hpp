/// SHA-256: tells whether a file is the one that was meant. For damage only see
/// core/files/hash.hpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace pmatch {

/// 64 lower-case hexadecimal digits.
std::string sha256(std::string_view data);

/// The same of a file's content. Throws Error when it cannot be read or is no regular file.
std::string sha256_of_file(const std::filesystem::path& file);

}  // namespace pmatch
