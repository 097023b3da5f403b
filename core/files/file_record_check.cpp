#include "core/files/file_record_check.hpp"

#include <fmt/format.h>

#include "core/common/error.hpp"

namespace pmatch {

void check_size(std::uint64_t size, const FileRecord& expected, const std::filesystem::path& file,
                const Remedy& remedy) {
    if (size == expected.size) return;
    throw Error{fmt::format("the file has {} bytes, the manifest says {}", size, expected.size),
                file.string(), remedy};
}

void check_checksum(const Hash128& checksum, const FileRecord& expected,
                    const std::filesystem::path& file, const Remedy& remedy) {
    if (checksum == expected.checksum) return;
    throw Error{fmt::format("the file's checksum is {}, the manifest says {}", checksum.hex(),
                            expected.checksum.hex()),
                file.string(), remedy};
}

}  // namespace pmatch
