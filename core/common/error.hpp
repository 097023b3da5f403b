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
    /// For callers that catch the error and know which collection it concerns.
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

/// A system call failed (disk full, no descriptors, I/O error). This says nothing about the content
/// of the file, so no data may be deleted or rebuilt because of it.
class SystemError : public Error {
public:
    using Error::Error;
};

/// Runs `job`, which works on the collection at `path`; fills that path into the remedy commands of
/// an Error that leaves it.
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
