#include "data/collection/collection_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <utility>

#include "core/common/error.hpp"

namespace pmatch {
namespace {

/// Process id of the last writer; 0 if none is recorded.
pid_t signer_of(int descriptor) {
    std::array<char, 32> text{};
    if (::pread(descriptor, text.data(), text.size() - 1, 0) <= 0) return 0;
    return static_cast<pid_t>(std::strtol(text.data(), nullptr, 10));
}

std::string holder_of(pid_t signer) {
    return signer == 0 ? "another process" : fmt::format("process {}", signer);
}

/// Readers do not record their id: they hold the lock briefly, to complete a killed writer's
/// commit.
bool held_by_a_reader(pid_t signer) {
    return signer == 0 || signer == ::getpid() || (::kill(signer, 0) != 0 && errno == ESRCH);
}

/// Creates the file if it is missing; throws if the name is taken by something else.
int open_lock_file(const std::filesystem::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0644);
    if (descriptor < 0 && errno != EISDIR) {
        throw Error{fmt::format("cannot open the lock file: {}", std::strerror(errno)),
                    file.string(), "check the path and its permissions"};
    }
    struct stat found {};
    if (descriptor >= 0 && (::fstat(descriptor, &found) != 0 || S_ISREG(found.st_mode))) {
        return descriptor;
    }
    if (descriptor >= 0) ::close(descriptor);
    throw Error{"the lock file is a directory, pipe or device", file.string(),
                "remove it: pmatch makes its own, and it holds nothing"};
}

std::atomic<double>& lock_wait() {
    static std::atomic<double> seconds{0};
    return seconds;
}

}  // namespace

void set_lock_wait(double seconds) {
    lock_wait() = seconds;
}

CollectionLock::CollectionLock(std::filesystem::path file, const std::string& what)
    : file_(std::move(file)) {
    wait_and_acquire(what);
    sign();
}

std::unique_ptr<CollectionLock> CollectionLock::if_free(const std::filesystem::path& file) {
    std::unique_ptr<CollectionLock> lock(new CollectionLock);
    lock->file_ = file;
    try {
        if (lock->acquire() != Outcome::kTaken) return nullptr;
    } catch (const Error&) {
        return nullptr;
    }
    return lock;
}

void CollectionLock::wait_and_acquire(const std::string& what) {
    using Clock = std::chrono::steady_clock;
    constexpr auto kPause = std::chrono::milliseconds(20);
    constexpr std::chrono::duration<double> kReadersTake{5};
    const auto start = Clock::now();
    for (auto outcome = acquire(); outcome != Outcome::kTaken; outcome = acquire()) {
        if (outcome == Outcome::kRemoved) continue;
        const auto signer = signer_of(descriptor_);
        ::close(std::exchange(descriptor_, -1));
        const std::chrono::duration<double> wanted{lock_wait()};
        const auto patience = held_by_a_reader(signer) ? std::max(wanted, kReadersTake) : wanted;
        if (Clock::now() - start < patience) {
            std::this_thread::sleep_for(kPause);
            continue;
        }
        throw Error{fmt::format("{} is writing to {}", holder_of(signer), what), file_.string(),
                    "wait until it is done, then run the command again, or let it wait with --wait "
                    "SECONDS"};
    }
}

/// The process id is only used for the message of a second writer.
void CollectionLock::sign() {
    const auto pid = fmt::format("{}\n", ::getpid());
    if (::ftruncate(descriptor_, 0) != 0 || ::pwrite(descriptor_, pid.data(), pid.size(), 0) < 0) {
        const int code = errno;
        ::close(descriptor_);
        throw Error{fmt::format("cannot write the lock file: {}", std::strerror(code)),
                    file_.string(), "free some space there, then run the command again"};
    }
}

/// On kHeld the file stays open, to read who holds it.
CollectionLock::Outcome CollectionLock::acquire() {
    descriptor_ = open_lock_file(file_);
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
        const int refused = errno;
        if (refused == EWOULDBLOCK) return Outcome::kHeld;
        ::close(std::exchange(descriptor_, -1));
        throw SystemError{fmt::format("cannot take the lock: {}", std::strerror(refused)),
                          file_.string(), "use a file system that has locks (flock)"};
    }
    // The previous holder may have removed the file between open and lock.
    struct stat ours {};
    struct stat named {};
    if (::fstat(descriptor_, &ours) == 0 && ::stat(file_.c_str(), &named) == 0 &&
        ours.st_ino == named.st_ino && ours.st_dev == named.st_dev) {
        return Outcome::kTaken;
    }
    ::close(std::exchange(descriptor_, -1));
    return Outcome::kRemoved;
}

CollectionLock::~CollectionLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

void CollectionLock::remove_file() {
    ::unlink(file_.c_str());
}

}  // namespace pmatch
