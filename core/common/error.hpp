/// The one exception of pmatch: what went wrong, in which file, and what to do about it.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include "core/common/remedy.hpp"

namespace pmatch {

/// Stops the job with exit code 1. There is no constructor without a remedy, so it cannot be
/// forgotten; `file` may be empty when no file is to blame.
class Error : public std::runtime_error {
public:
    Error(const std::string& what, std::string file, Remedy remedy)
        : std::runtime_error(what), file_(std::move(file)), remedy_(std::move(remedy)) {}

    const std::string& file() const { return file_; }
    const Remedy& remedy() const { return remedy_; }
    /// For whoever catches it and knows which collection it is about.
    void name_collection(const std::string& path) { remedy_.name_collection(path); }

private:
    std::string file_;
    Remedy remedy_;
};

/// The command line was wrong: exit code 2, nothing was written.
class UsageError : public Error {
public:
    UsageError(const std::string& what, Remedy remedy) : Error(what, {}, std::move(remedy)) {}
};

/// The system refused a call (no space, no descriptors, a disk that fails): it says nothing about
/// what the file holds, so nothing may be dropped or made again for it.
class SystemError : public Error {
public:
    using Error::Error;
};

/// Runs `job`, which works on the collection at `path`: an Error that leaves it says so in commands
/// that were written where no collection was known.
template <typename Job>
decltype(auto) naming_collection(const std::string& path, const Job& job) {
    try {
        return job();
    } catch (Error& error) {
        error.name_collection(path);
        throw;
    }
}

}  // namespace pmatch
