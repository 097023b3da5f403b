/// One-dimensional arrays in NumPy format version 1.0.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

#include "core/files/atomic_file.hpp"

namespace pmatch {

/// `descr` is NumPy's description of an element as a Python literal, for example "'<i8'"; `data`
/// holds `count` elements in memory layout.
FileRecord write_npy(const std::filesystem::path& file, std::string_view descr, std::size_t count,
                     std::span<const std::byte> data);

/// Fills `data`, the bytes of `count` elements. Throws Error, naming the file, if it does not match
/// the record, the element type or the number of elements.
void read_npy(const std::filesystem::path& file, const FileRecord& expected, std::string_view descr,
              std::size_t count, std::span<std::byte> data);

}  // namespace pmatch
