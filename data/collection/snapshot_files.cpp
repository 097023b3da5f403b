#include "data/collection/snapshot_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace pmatch {
namespace {

constexpr const char* kOpenFiles = "/proc/self/fd";
/// The usual limit of open files is 1,024.
constexpr std::size_t kMostPinned = 256;

bool is_same_file(int descriptor, const std::filesystem::path& file) {
    struct stat pinned {};
    struct stat named {};
    return ::fstat(descriptor, &pinned) == 0 && ::stat(file.c_str(), &named) == 0 &&
           pinned.st_ino == named.st_ino && pinned.st_dev == named.st_dev;
}

}  // namespace

SnapshotFiles::~SnapshotFiles() {
    release();
}

void SnapshotFiles::release() {
    for (const auto& [path, descriptor] : pinned_)
        ::close(descriptor);
    pinned_.clear();
}

void SnapshotFiles::pin(const Manifest& manifest) {
    release();
    if (manifest.files.size() > kMostPinned) return;
    for (const auto& [relative, record] : manifest.files) {
        // Non-files are reported by their readers; without O_NONBLOCK a pipe would block here.
        const int descriptor =
            ::open((directory_ / relative).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        if (descriptor >= 0) {
            pinned_[relative] = descriptor;
        } else if (errno == EMFILE || errno == ENFILE) {
            release();  // readers need some descriptors, too
            return;
        }
    }
}

std::filesystem::path SnapshotFiles::path(const std::string& relative) const {
    auto file = directory_ / relative;
    const auto pinned = pinned_.find(relative);
    if (pinned == pinned_.end() || is_same_file(pinned->second, file)) return file;
    return fmt::format("{}/{}", kOpenFiles, pinned->second);
}

std::vector<std::filesystem::path> SnapshotFiles::paths(
    const std::vector<std::string>& files) const {
    std::vector<std::filesystem::path> found;
    found.reserve(files.size());
    for (const auto& file : files)
        found.push_back(path(file));
    return found;
}

bool is_unnamed(const std::filesystem::path& file) {
    return file.parent_path() == kOpenFiles;
}

}  // namespace pmatch
