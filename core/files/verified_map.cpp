#include "core/files/verified_map.hpp"

#include "core/files/file_record_check.hpp"

namespace pmatch {

MappedFile map_verified(const std::filesystem::path& file, const FileRecord& expected,
                        const Remedy& remedy) {
    MappedFile map(file);
    check_size(map.bytes().size(), expected, file, remedy);
    check_checksum(hash128(map.bytes()), expected, file, remedy);
    return map;
}

}  // namespace pmatch
