#include "data/collection_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include "core/error.hpp"

namespace pmatch {
namespace {

std::string holder_of(int descriptor) {
    std::array<char, 32> text{};
    const auto got = ::pread(descriptor, text.data(), text.size() - 1, 0);
    std::string holder(text.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
    while (!holder.empty() && holder.back() == '\n')
        holder.pop_back();
    return holder.empty() ? "another process" : "process " + holder;
}

}  // namespace

CollectionLock::CollectionLock(std::filesystem::path file) : file_(std::move(file)) {
    while (!acquire()) {
    }
    const auto pid = fmt::format("{}\n", ::getpid());
    // The number is for the message of a second writer only.
    if (::ftruncate(descriptor_, 0) != 0 || ::pwrite(descriptor_, pid.data(), pid.size(), 0) < 0) {
        const int code = errno;
        ::close(descriptor_);
        throw Error{fmt::format("cannot write the lock file: {}", std::strerror(code)),
                    file_.string(), "free some space there, then run the command again"};
    }
}

bool CollectionLock::acquire() {
    descriptor_ = ::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor_ < 0) {
        throw Error{fmt::format("cannot open the lock file: {}", std::strerror(errno)),
                    file_.string(), "check the path and its permissions"};
    }
    const int refused = ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0 ? 0 : errno;
    if (refused != 0 && refused != EWOULDBLOCK) {
        ::close(descriptor_);
        throw SystemError{fmt::format("cannot take the lock: {}", std::strerror(refused)),
                          file_.string(), "use a file system that has locks (flock)"};
    }
    if (refused == EWOULDBLOCK) {
        const auto holder = holder_of(descriptor_);
        ::close(descriptor_);
        throw Error{fmt::format("{} is writing to this collection", holder), file_.string(),
                    "wait until it is done, then run the command again"};
    }
    // Whoever held it may have removed the file between our open and our lock.
    struct stat ours {};
    struct stat named {};
    if (::fstat(descriptor_, &ours) == 0 && ::stat(file_.c_str(), &named) == 0 &&
        ours.st_ino == named.st_ino && ours.st_dev == named.st_dev) {
        return true;
    }
    ::close(descriptor_);
    return false;
}

CollectionLock::~CollectionLock() {
    ::close(descriptor_);
}

void CollectionLock::remove_file() {
    ::unlink(file_.c_str());
}

}  // namespace pmatch
