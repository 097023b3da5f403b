/// Internal to data/pictures: the headers of tar archives, by POSIX.1-2001 ("pax Interchange
/// Format", "ustar Interchange Format") and GNU tar's manual ("Basic Tar Format").
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace pmatch::detail {

struct TarEntry {
    std::uint64_t offset = 0;  ///< of the content, from the archive's begin
    std::uint64_t size = 0;
};

/// Regular files by name. A name is as it is written, less a leading "./"; names that are absolute
/// or lead upwards by ".." are left out. Throws Error if the archive is damaged or cut.
std::map<std::string, TarEntry> read_tar_headers(const std::filesystem::path& archive);

}  // namespace pmatch::detail
