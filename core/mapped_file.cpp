#include "core/mapped_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "core/error.hpp"

namespace pmatch {
namespace {

Error failure(const char* action, const std::filesystem::path& file) {
    return {fmt::format("cannot {}: {}", action, std::strerror(errno)), file.string(),
            "check the path and its permissions"};
}

std::span<const std::byte> map(int descriptor, const std::filesystem::path& file) {
    struct stat info {};
    if (::fstat(descriptor, &info) != 0) throw failure("look at the file", file);
    if (!S_ISREG(info.st_mode)) {
        throw Error{"this is not a regular file", file.string(), "give the path of a file"};
    }
    const auto size = static_cast<std::size_t>(info.st_size);
    if (size == 0) return {};
    void* start = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor, 0);
    if (start == MAP_FAILED) throw failure("map the file into memory", file);
    return {static_cast<const std::byte*>(start), size};
}

}  // namespace

MappedFile::MappedFile(const std::filesystem::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) throw failure("open the file", file);
    try {
        bytes_ = map(descriptor, file);
    } catch (...) {
        ::close(descriptor);
        throw;
    }
    ::close(descriptor);
}

MappedFile::~MappedFile() {
    // munmap() takes what mmap() gave: the memory is not ours to write.
    if (!bytes_.empty()) ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

MappedFile::MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
}

}  // namespace pmatch
