/// A file's bytes without reading them into memory.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace pmatch {

/// Read-only; the bytes start at a page border and stay valid as long as the object. For published
/// files, which never change: one that others cut short while it is mapped ends the process.
class MappedFile {
public:
    MappedFile() = default;
    /// Throws Error when it cannot be opened or is no regular file.
    explicit MappedFile(const std::filesystem::path& file);
    ~MappedFile();
    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;

    std::span<const std::byte> bytes() const { return bytes_; }

private:
    std::span<const std::byte> bytes_;
};

}  // namespace pmatch
