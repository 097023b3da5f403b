/// Regular files, read sequentially.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

namespace pmatch {

/// Throws SystemError with the reason from `errno`, "cannot <action>: <reason>", and a remedy.
[[noreturn]] void fail_on_file(std::string_view action, const std::filesystem::path& file);

/// Owns a file descriptor; -1 if opening failed.
class Descriptor {
public:
    /// `flags` as open(2) takes them.
    Descriptor(const std::filesystem::path& file, int flags);
    ~Descriptor();
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int get() const { return value_; }
    bool is_open() const { return value_ >= 0; }

private:
    int value_;
};

/// Open for reading. Opening a pipe or device fails with an Error instead of blocking.
class RegularFile {
public:
    /// Throws SystemError if the file cannot be opened, Error if it is not there or not regular.
    explicit RegularFile(const std::filesystem::path& file);

    int descriptor() const { return descriptor_.get(); }
    std::uint64_t size() const { return size_; }

    /// Calls `take` with the content in order, in pieces of at most 1 MiB. Throws SystemError.
    void for_each_piece(const std::function<void(std::string_view)>& take) const;

private:
    std::filesystem::path file_;
    Descriptor descriptor_;
    std::uint64_t size_ = 0;
};

}  // namespace pmatch
