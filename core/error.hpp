/// The one exception of pmatch: what went wrong, in which file, and what to do about it.
#pragma once

#include <stdexcept>
#include <string>

namespace pmatch {

/// Stops the job with exit code 1. There is no constructor without `fix`, so it cannot be
/// forgotten; `file` may be empty when no file is to blame.
class Error : public std::runtime_error {
public:
    Error(const std::string& what, std::string file, std::string fix)
        : std::runtime_error(what), file_(std::move(file)), fix_(std::move(fix)) {}

    const std::string& file() const { return file_; }
    const std::string& fix() const { return fix_; }

private:
    std::string file_;
    std::string fix_;
};

/// The command line was wrong: exit code 2, nothing was written.
class UsageError : public Error {
public:
    UsageError(const std::string& what, std::string fix) : Error(what, {}, std::move(fix)) {}
};

/// The system refused a call (no space, no descriptors, a disk that fails): it says nothing about
/// what the file holds, so nothing may be dropped or made again for it.
class SystemError : public Error {
public:
    using Error::Error;
};

}  // namespace pmatch
