/// One writer at a time.
#pragma once

#include <filesystem>

namespace pmatch {

/// An exclusive lock on a file, held until destruction or the end of the process.
class CollectionLock {
public:
    /// Throws Error naming the process that holds it.
    explicit CollectionLock(std::filesystem::path file);
    ~CollectionLock();
    CollectionLock(const CollectionLock&) = delete;
    CollectionLock& operator=(const CollectionLock&) = delete;

    /// Unlinks the file, for a directory that shall vanish as a whole.
    void remove_file();

private:
    bool acquire();

    std::filesystem::path file_;
    int descriptor_ = -1;
};

}  // namespace pmatch
