/// An unnamed temporary file: written once, then read once from the start.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>

namespace pmatch {

/// Created in the directory of its target; the system removes it with the process. Throws Error
/// naming the target if the disk is full or fails.
class SpoolFile {
public:
    /// `target` is the file being created.
    explicit SpoolFile(const std::filesystem::path& target);

    void write(const void* data, std::size_t size);
    std::uint64_t size() const { return size_; }

    /// Seeks to the start, for reading.
    void rewind();
    void read(void* data, std::size_t size);
    /// Rewinds and reads the whole file piece by piece.
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
