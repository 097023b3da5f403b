#include "data/pictures/picture_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <system_error>
#include <utility>

#include "data/pictures/picture_path.hpp"
#include "data/pictures/resource_exhaustion.hpp"
#include "data/pictures/tar_archive.hpp"

namespace pmatch {
namespace {

namespace fs = std::filesystem;

Problem open_problem(const fs::path& file, int error) {
    const bool missing = is_missing({error, std::generic_category()});
    const bool special = error == ENXIO || error == ENODEV;  // a socket, a device without driver
    return {missing   ? "missing"
            : special ? "not_a_file"
                      : "unreadable",
            fmt::format("{}: {}", file.string(), std::strerror(error))};
}

Problem unreadable(const fs::path& file, int error) {
    return {"unreadable", fmt::format("{}: {}", file.string(), std::strerror(error))};
}

/// Without O_NONBLOCK, opening a pipe without a writer would block forever.
int open_for_reading(const fs::path& file) {
    return ::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
}

}  // namespace

std::variant<PictureFile, Problem> PictureFile::open(const fs::path& path) {
    std::optional<ArchivedFile> archived;
    int descriptor = open_for_reading(path);
    int code = errno;
    if (descriptor < 0 && code == ENOTDIR && (archived = find_in_archive(path))) {
        descriptor = open_for_reading(archived->archive);
        code = errno;
    }
    if (descriptor < 0) {
        detail::throw_if_out_of_resources(code, path);
        return open_problem(path, code);
    }
    PictureFile file(path, descriptor);
    struct stat info {};
    if (::fstat(descriptor, &info) != 0) return unreadable(path, errno);
    if (!S_ISREG(info.st_mode))
        return Problem{"not_a_file", path.string() + " is a directory, pipe or device"};
    file.next_ = archived ? archived->offset : 0;
    file.size_ = archived ? archived->size : static_cast<std::uint64_t>(info.st_size);
    return file;
}

PictureFile::PictureFile(PictureFile&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      next_(other.next_),
      size_(other.size_),
      done_(other.done_) {}

PictureFile::~PictureFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

std::variant<std::size_t, Problem> PictureFile::read(std::span<std::uint8_t> buffer) {
    const auto wanted = static_cast<std::size_t>(
        std::min<std::uint64_t>(buffer.size(), size_ - std::min(size_, done_)));
    std::size_t filled = 0;
    while (filled < wanted) {
        const auto got = ::pread(descriptor_, buffer.data() + filled, wanted - filled,
                                 static_cast<off_t>(next_ + done_));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return unreadable(path_, errno);
        if (got == 0) break;  // truncated while reading
        filled += static_cast<std::size_t>(got);
        done_ += static_cast<std::uint64_t>(got);
    }
    return filled;
}

}  // namespace pmatch
