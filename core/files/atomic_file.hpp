/// Atomic file creation: a file is either complete or absent.
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

/// Suffix of all temporary files; any that remain are left over from a killed run.
inline constexpr std::string_view kTemporarySuffix = ".pmatch-tmp";

/// Where a file is written before it is published: in the same directory, because rename(2) does
/// not cross file systems.
std::filesystem::path temporary_path(const std::filesystem::path& target);

/// Writes a new file and computes its checksum on the way. `target` does not change until
/// publish(); without it the destructor removes the temporary file. Every failing write, fsync or
/// rename throws a SystemError that names `target` and the system's reason.
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
/// `target`, fsync the directory; returns size and checksum, computed in one pass over the file.
FileRecord publish_file(const std::filesystem::path& temporary,
                        const std::filesystem::path& target);

/// Size and checksum of a file as it is now. Throws Error when it cannot be read.
FileRecord measure_file(const std::filesystem::path& file);

/// Throws Error, with `remedy`, unless the file has this size and checksum.
void verify_file(const std::filesystem::path& file, const FileRecord& expected,
                 const Remedy& remedy);

/// The whole file. Throws Error when it is missing, unreadable, or larger than `max_size`.
std::string read_file(const std::filesystem::path& file, std::uint64_t max_size);

void sync_directory(const std::filesystem::path& directory);

}  // namespace pmatch
