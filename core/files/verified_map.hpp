/// Published files, mapped into memory.
#pragma once

#include <filesystem>

#include "core/common/remedy.hpp"
#include "core/files/atomic_file.hpp"
#include "core/files/mapped_file.hpp"

namespace pmatch {

/// Maps a file whose content is as the manifest records it. Throws Error with the remedy if its
/// size or checksum differs.
MappedFile map_verified(const std::filesystem::path& file, const FileRecord& expected,
                        const Remedy& remedy);

}  // namespace pmatch
