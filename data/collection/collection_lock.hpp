/// One writer at a time.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace pmatch {

/// An exclusive lock on a file, held until destruction or the end of the process.
class CollectionLock {
public:
    /// Waits up to the time of set_lock_wait(), then throws Error naming the process that holds it
    /// and `what` it writes to.
    explicit CollectionLock(std::filesystem::path file,
                            const std::string& what = "this collection");
    /// Null if it is held, or if the file cannot be written.
    static std::unique_ptr<CollectionLock> if_free(const std::filesystem::path& file);
    ~CollectionLock();
    CollectionLock(const CollectionLock&) = delete;
    CollectionLock& operator=(const CollectionLock&) = delete;

    /// Unlinks the file, for a directory that will be removed.
    void remove_file();

private:
    enum class Outcome { kTaken, kHeld, kRemoved };
    CollectionLock() = default;
    Outcome acquire();
    void wait_and_acquire(const std::string& what);
    void sign();

    std::filesystem::path file_;
    int descriptor_ = -1;
};

/// How long writers of this process wait for the lock; default 0: not at all.
void set_lock_wait(double seconds);

}  // namespace pmatch
