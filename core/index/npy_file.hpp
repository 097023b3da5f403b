/// Arrays of one axis as NumPy's format version 1.0.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

#include "core/files/atomic_file.hpp"

namespace pmatch {

/// `descr` is NumPy's description of one element as a Python literal, say "'<i8'"; `data` are
/// `count` elements as they lie in memory.
FileRecord write_npy(const std::filesystem::path& file, std::string_view descr, std::size_t count,
                     std::span<const std::byte> data);

/// Fills `data`, the bytes of `count` elements. Throws Error, naming the file, when it is not what
/// the record says, has elements of another kind, or more or fewer bytes of them.
void read_npy(const std::filesystem::path& file, const FileRecord& expected, std::string_view descr,
              std::size_t count, std::span<std::byte> data);

}  // namespace pmatch
