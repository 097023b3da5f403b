#include "core/files/atomic_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/common/error.hpp"
#include "core/files/file_record_check.hpp"
#include "core/files/regular_file.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kBufferSize = std::size_t{1} << 20U;

void rename_into_place(const std::filesystem::path& temporary,
                       const std::filesystem::path& target) {
    if (::rename(temporary.c_str(), target.c_str()) != 0)
        fail_on_file("rename the finished file", target);
    sync_directory(target.parent_path());
}

}  // namespace

std::filesystem::path temporary_path(const std::filesystem::path& target) {
    auto path = target;
    path += kTemporarySuffix;
    return path;
}

void sync_directory(const std::filesystem::path& directory) {
    const auto path = directory.empty() ? std::filesystem::path(".") : directory;
    const Descriptor descriptor(path, O_RDONLY | O_DIRECTORY);
    if (!descriptor.is_open()) fail_on_file("open the directory", path);
    // Some file systems cannot sync a directory and return EINVAL; nothing more can be done then.
    if (::fsync(descriptor.get()) != 0 && errno != EINVAL) fail_on_file("sync the directory", path);
}

AtomicFile::AtomicFile(std::filesystem::path target)
    : target_(std::move(target)), temporary_(temporary_path(target_)) {
    descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (descriptor_ < 0) fail_on_file("create the file", target_);
    buffer_.reserve(kBufferSize);
}

AtomicFile::~AtomicFile() {
    if (descriptor_ < 0) return;
    ::close(descriptor_);
    ::unlink(temporary_.c_str());
}

void AtomicFile::write(const void* data, std::size_t size) {
    hasher_.update(data, size);
    size_ += size;
    const auto* bytes = static_cast<const char*>(data);
    while (size > 0) {
        const auto room = std::min(size, kBufferSize - buffer_.size());
        buffer_.append(bytes, room);
        bytes += room;
        size -= room;
        if (buffer_.size() == kBufferSize) flush();
    }
}

void AtomicFile::flush() {
    std::size_t done = 0;
    while (done < buffer_.size()) {
        const auto put = ::write(descriptor_, buffer_.data() + done, buffer_.size() - done);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) fail_on_file("write the file", target_);
        done += static_cast<std::size_t>(put);
    }
    buffer_.clear();
}

FileRecord AtomicFile::publish() {
    flush();
    if (::fsync(descriptor_) != 0) fail_on_file("sync the file", target_);
    const int closing = std::exchange(descriptor_, -1);
    if (::close(closing) != 0) {
        ::unlink(temporary_.c_str());
        fail_on_file("close the file", target_);
    }
    rename_into_place(temporary_, target_);
    return {size_, hasher_.digest()};
}

FileRecord publish_file(const std::filesystem::path& temporary,
                        const std::filesystem::path& target) {
    const auto record = measure_file(temporary);
    {
        const Descriptor descriptor(temporary, O_RDONLY);
        if (!descriptor.is_open()) fail_on_file("open the file", target);
        if (::fsync(descriptor.get()) != 0) fail_on_file("sync the file", target);
    }
    rename_into_place(temporary, target);
    return record;
}

FileRecord measure_file(const std::filesystem::path& file) {
    FileRecord record;
    Hasher128 hasher;
    RegularFile(file).for_each_piece([&](std::string_view piece) {
        hasher.update(piece.data(), piece.size());
        record.size += piece.size();
    });
    record.checksum = hasher.digest();
    return record;
}

void verify_file(const std::filesystem::path& file, const FileRecord& expected,
                 const Remedy& remedy) {
    std::error_code failed;
    const auto status = std::filesystem::status(file, failed);
    if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
        throw Error{"this is not a regular file", file.string(), remedy};
    const auto size = std::filesystem::file_size(file, failed);
    if (failed == std::errc::no_such_file_or_directory || failed == std::errc::not_a_directory)
        throw Error{"a file of the collection is missing", file.string(), remedy};
    if (failed) {
        errno = failed.value();
        fail_on_file("look at the file", file);
    }
    check_size(size, expected, file, remedy);
    const auto found = measure_file(file);
    check_size(found.size, expected, file, remedy);  // it may have changed meanwhile
    check_checksum(found.checksum, expected, file, remedy);
}

std::string read_file(const std::filesystem::path& file, std::uint64_t max_size) {
    std::string content;
    RegularFile(file).for_each_piece([&](std::string_view piece) {
        if (content.size() + piece.size() > max_size) {
            throw Error{fmt::format("the file is larger than {} bytes", max_size), file.string(),
                        "give the right file"};
        }
        content += piece;
    });
    return content;
}

}  // namespace pmatch
