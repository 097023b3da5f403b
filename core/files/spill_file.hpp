/// A temporary file without a name: written once, then read once from its start.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>

namespace pmatch {

/// Lies in the directory of the file it helps to make; the system removes it with the process.
/// Throws Error naming that file when the disk is full or fails.
class SpoolFile {
public:
    /// `target` is the file that is made.
    explicit SpoolFile(const std::filesystem::path& target);

    void write(const void* data, std::size_t size);
    std::uint64_t size() const { return size_; }

    /// To the start, for reading.
    void rewind();
    void read(void* data, std::size_t size);
    /// Rewinds and gives all of it, piece by piece.
    void for_each_piece(const std::function<void(std::span<const std::byte>)>& take);

private:
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    [[noreturn]] void fail(const char* action) const;

    std::filesystem::path target_;
    std::unique_ptr<std::FILE, Close> file_;
    std::uint64_t size_ = 0;
};

}  // namespace pmatch
