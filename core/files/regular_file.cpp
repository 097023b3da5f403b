#include "core/files/regular_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "core/common/error.hpp"
#include "core/common/system_reason.hpp"

namespace pmatch {

void fail_on_file(std::string_view action, const std::filesystem::path& file) {
    const int code = errno;
    std::string fix = "check the path and its permissions";
    if (code == ENOSPC || code == EDQUOT) fix = "free some space there, then run the command again";
    if (code == EIO) fix = "check the disk, then run the command again";
    if (code == EMFILE || code == ENFILE) fix = "raise the limit of open files (ulimit -n)";
    if (code == ENOMEM) fix = "run on a machine with more memory, or raise its limit (ulimit -v)";
    throw SystemError{fmt::format("cannot {}: {}", action, system_reason(code)), file.string(),
                      fix};
}

Descriptor::Descriptor(const std::filesystem::path& file, int flags)
    : value_(::open(file.c_str(), flags | O_CLOEXEC)) {}

Descriptor::~Descriptor() {
    if (value_ >= 0) ::close(value_);
}

RegularFile::RegularFile(const std::filesystem::path& file)
    : file_(file), descriptor_(file, O_RDONLY | O_NONBLOCK) {
    if (!descriptor_.is_open()) {
        // The system refused nothing: there is no such file, which is a finding about it.
        if (errno == ENOENT || errno == ENOTDIR) {
            throw Error{fmt::format("cannot open the file: {}", std::strerror(errno)),
                        file.string(), "check the path and its permissions"};
        }
        fail_on_file("open the file", file);
    }
    struct stat info {};
    if (::fstat(descriptor_.get(), &info) != 0) fail_on_file("look at the file", file);
    if (!S_ISREG(info.st_mode)) {
        throw Error{"this is not a regular file", file.string(), "give the path of a file"};
    }
    size_ = static_cast<std::uint64_t>(info.st_size);
}

void RegularFile::for_each_piece(const std::function<void(std::string_view)>& take) const {
    constexpr std::size_t kPiece = std::size_t{1} << 20U;
    const auto buffer = std::make_unique<char[]>(kPiece);
    while (true) {
        const auto got = ::read(descriptor_.get(), buffer.get(), kPiece);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) fail_on_file("read the file", file_);
        if (got == 0) return;
        take({buffer.get(), static_cast<std::size_t>(got)});
    }
}

}  // namespace pmatch
