/// Internal to core/files: a file compared with what the manifest records of it.
#pragma once

#include <cstdint>
#include <filesystem>

#include "core/common/remedy.hpp"
#include "core/files/atomic_file.hpp"

namespace pmatch {

/// Throw Error, naming the file and both values, if they differ.
void check_size(std::uint64_t size, const FileRecord& expected, const std::filesystem::path& file,
                const Remedy& remedy);
void check_checksum(const Hash128& checksum, const FileRecord& expected,
                    const std::filesystem::path& file, const Remedy& remedy);

}  // namespace pmatch
