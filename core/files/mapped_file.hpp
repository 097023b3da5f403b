/// Memory-mapped files.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace pmatch {

/// Read-only; the bytes are page-aligned and valid for the object's lifetime. Only for published
/// files, which never change: truncating a mapped file kills the process (SIGBUS).
class MappedFile {
public:
    MappedFile() = default;
    /// Throws Error if the file cannot be opened or is not a regular file.
    explicit MappedFile(const std::filesystem::path& file);
    ~MappedFile();
    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;

    std::span<const std::byte> bytes() const { return bytes_; }

private:
    std::span<const std::byte> bytes_;
};

}  // namespace pmatch
