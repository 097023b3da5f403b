/// Opens picture files, in directories and in tar archives.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <variant>

#include "core/common/problem.hpp"

namespace pmatch {

/// A regular file, read once from its begin to its end.
class PictureFile {
public:
    /// A pipe, device or directory is "not_a_file" and does not block. Other problems: missing,
    /// unreadable. Throws SystemError if there are no descriptors or memory left.
    static std::variant<PictureFile, Problem> open(const std::filesystem::path& path);

    PictureFile(PictureFile&& other) noexcept;
    PictureFile& operator=(PictureFile&&) = delete;
    ~PictureFile();

    std::uint64_t size() const { return size_; }
    /// Fills `buffer` as far as there are bytes left, or fails with "unreadable".
    std::variant<std::size_t, Problem> read(std::span<std::uint8_t> buffer);

private:
    PictureFile(std::filesystem::path path, int descriptor)
        : path_(std::move(path)), descriptor_(descriptor) {}

    std::filesystem::path path_;
    int descriptor_;
    std::uint64_t next_ = 0;  ///< in the file that is open, which may be an archive
    std::uint64_t size_ = 0;
    std::uint64_t done_ = 0;
};

}  // namespace pmatch
