/// Files that are there whole or not at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/common/remedy.hpp"
#include "core/files/hash.hpp"

namespace pmatch {

/// What the manifest records of a published file.
struct FileRecord {
    std::uint64_t size = 0;
    Hash128 checksum;

    friend bool operator==(const FileRecord&, const FileRecord&) = default;
};

/// Temporary files of ours end so; whatever does is left over from a run that was killed.
inline constexpr std::string_view kTemporarySuffix = ".pmatch-tmp";

/// Where a file is written before it is published: the same directory, so that the rename
/// stays on one file system.
std::filesystem::path temporary_path(const std::filesystem::path& target);

/// Writes a new file and counts its checksum on the way. Nothing is seen under `target` until
/// publish(); without it the destructor removes the temporary file.
/// Every failing write, fsync or rename is a SystemError that names `target` and the system's
/// reason.
class AtomicFile {
public:
    explicit AtomicFile(std::filesystem::path target);
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    void write(const void* data, std::size_t size);
    void write(std::string_view text) { write(text.data(), text.size()); }

    /// fsync, rename, fsync of the directory.
    FileRecord publish();

private:
    void flush();

    std::filesystem::path target_;
    std::filesystem::path temporary_;
    int descriptor_ = -1;
    std::string buffer_;
    std::uint64_t size_ = 0;
    Hasher128 hasher_;
};

/// For files that a library writes by path (HDF5, SQLite): fsync `temporary`, rename it to
/// `target`, fsync the directory; returns size and checksum, read once in passing.
FileRecord publish_file(const std::filesystem::path& temporary,
                        const std::filesystem::path& target);

/// Size and checksum of a file as it is now. Throws Error when it cannot be read.
FileRecord measure_file(const std::filesystem::path& file);

/// Throws Error unless the file has this size and checksum. `remedy` is what the reader should
/// do.
void verify_file(const std::filesystem::path& file, const FileRecord& expected,
                 const Remedy& remedy);

/// The whole file. Throws Error when it is missing, unreadable, or larger than `max_size`.
std::string read_file(const std::filesystem::path& file, std::uint64_t max_size);

void sync_directory(const std::filesystem::path& directory);

}  // namespace pmatch
