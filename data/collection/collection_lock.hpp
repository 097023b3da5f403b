/// One writer at a time.
#pragma once

#include <filesystem>
#include <memory>

namespace pmatch {

/// An exclusive lock on a file, held until destruction or the end of the process.
class CollectionLock {
public:
    /// Waits as long as set_lock_wait() said, then throws Error naming the process that holds it.
    explicit CollectionLock(std::filesystem::path file);
    /// Null when somebody holds it, or when the file cannot be written.
    static std::unique_ptr<CollectionLock> if_free(const std::filesystem::path& file);
    ~CollectionLock();
    CollectionLock(const CollectionLock&) = delete;
    CollectionLock& operator=(const CollectionLock&) = delete;

    /// Unlinks the file, for a directory that shall vanish as a whole.
    void remove_file();

private:
    enum class Outcome { kTaken, kHeld, kRemoved };
    CollectionLock() = default;
    Outcome acquire();
    void wait_and_acquire();
    void sign();

    std::filesystem::path file_;
    int descriptor_ = -1;
};

/// How long a writer of this process waits for another one; 0, the default: not at all.
void set_lock_wait(double seconds);

}  // namespace pmatch
