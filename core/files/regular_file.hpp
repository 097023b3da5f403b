/// Files read as they lie on the disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

namespace pmatch {

/// Throws SystemError for the system's reason in `errno`: "cannot <action>: <reason>", and what to
/// do about it.
[[noreturn]] void fail_on_file(std::string_view action, const std::filesystem::path& file);

/// A descriptor that closes itself; -1 where opening failed.
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

/// Open for reading. A pipe or device that was named by mistake is an Error and not waited for.
class RegularFile {
public:
    /// Throws SystemError when the file cannot be opened, Error when it is no regular one.
    explicit RegularFile(const std::filesystem::path& file);

    int descriptor() const { return descriptor_.get(); }
    std::uint64_t size() const { return size_; }

    /// The content in order, in pieces of at most 1 MiB. Throws SystemError.
    void for_each_piece(const std::function<void(std::string_view)>& take) const;

private:
    std::filesystem::path file_;
    Descriptor descriptor_;
    std::uint64_t size_ = 0;
};

}  // namespace pmatch
