#include "core/files/mapped_file.hpp"

#include <sys/mman.h>

#include <utility>

#include "core/files/regular_file.hpp"

namespace pmatch {

MappedFile::MappedFile(const std::filesystem::path& path) {
    const RegularFile file(path);
    const auto size = static_cast<std::size_t>(file.size());
    if (size == 0) return;
    void* start = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file.descriptor(), 0);
    if (start == MAP_FAILED) fail_on_file("map the file into memory", path);
    bytes_ = {static_cast<const std::byte*>(start), size};
}

MappedFile::~MappedFile() {
    // munmap() takes a non-const pointer; nothing is written to the memory.
    if (!bytes_.empty()) ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

MappedFile::MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
}

}  // namespace pmatch
