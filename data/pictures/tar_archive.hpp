/// Pictures in tar archives, such as the shards of WebDataset. A file in an archive is named as if
/// the archive were a directory: "photos.tar/cup.jpg".
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace pmatch {

/// A regular file of an archive: bytes [offset, offset + size) of it.
struct ArchivedFile {
    std::filesystem::path archive;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
};

/// Whether the name ends in ".tar", in any case, and there is such a regular file.
bool is_tar_archive(const std::filesystem::path& path);

/// Where `path` leads into an archive that has this file; nothing otherwise, also if the archive
/// is damaged in front of it. Of two files of one name it is the last, as tar extracts them.
/// Archives are listed once, until they change. Safe to use from many threads.
std::optional<ArchivedFile> find_in_archive(const std::filesystem::path& path);

/// The names of the archive's regular files, ascending. Throws Error, with the position, if it is
/// no tar archive, damaged or cut. Read are the formats of POSIX (ustar, pax) and GNU; compressed
/// archives are not.
std::vector<std::string> names_in_archive(const std::filesystem::path& archive);

/// Whether there is a file of this name, in a directory or in an archive.
bool picture_exists(const std::filesystem::path& path);

}  // namespace pmatch
