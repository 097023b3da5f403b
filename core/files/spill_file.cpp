#include "core/files/spill_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "core/common/error.hpp"
#include "core/common/system_reason.hpp"
#include "core/files/atomic_file.hpp"

namespace pmatch {

SpoolFile::SpoolFile(const std::filesystem::path& target) : target_(target) {
    // If the process is killed before unlink(), the suffix marks the file for clean-up.
    auto name = target.string() + ".XXXXXX" + std::string(kTemporarySuffix);
    const int descriptor =
        ::mkostemps(name.data(), static_cast<int>(kTemporarySuffix.size()), O_CLOEXEC);
    if (descriptor < 0) fail("make a temporary file beside it");
    ::unlink(name.c_str());
    file_.reset(::fdopen(descriptor, "w+b"));
    if (!file_) {
        ::close(descriptor);
        fail("make a temporary file beside it");
    }
}

void SpoolFile::fail(const char* action) const {
    const int code = errno;
    throw Error{fmt::format("cannot {}: {}", action, system_reason(code)), target_.string(),
                code == ENOSPC ? "free some space there, then run the command again"
                               : "check the disk and the directory's permissions"};
}

void SpoolFile::write(const void* data, std::size_t size) {
    if (size == 0) return;  // `data` may be null then
    if (std::fwrite(data, 1, size, file_.get()) != size) fail("write a temporary file beside it");
    size_ += size;
}

void SpoolFile::rewind() {
    if (std::fflush(file_.get()) != 0 || std::fseek(file_.get(), 0, SEEK_SET) != 0) {
        fail("write a temporary file beside it");
    }
}

void SpoolFile::read(void* data, std::size_t size) {
    if (size == 0) return;
    errno = 0;
    if (std::fread(data, 1, size, file_.get()) != size) fail("read a temporary file beside it");
}

void SpoolFile::for_each_piece(const std::function<void(std::span<const std::byte>)>& take) {
    rewind();
    std::vector<std::byte> buffer(std::size_t{1} << 20U);
    for (auto left = size_; left > 0;) {
        const auto piece = static_cast<std::size_t>(std::min<std::uint64_t>(left, buffer.size()));
        read(buffer.data(), piece);
        take({buffer.data(), piece});
        left -= piece;
    }
}

}  // namespace pmatch
