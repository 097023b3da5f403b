#include "data/ingest/picture_hash.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "core/common/input_failure.hpp"
#include "core/threads/parallel.hpp"
#include "data/pictures/picture_path.hpp"
#include "data/pictures/resource_exhaustion.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kBufferSize = std::size_t{128} << 10U;
constexpr int kMaxThreads = 8;

Problem unreadable(const std::filesystem::path& file, const std::string& reason) {
    return {"unreadable", file.string() + ": " + reason};
}

std::variant<Hash128, Problem> hash_descriptor(int descriptor, const std::filesystem::path& file) {
    struct stat info {};
    if (::fstat(descriptor, &info) != 0) return unreadable(file, std::strerror(errno));
    if (!S_ISREG(info.st_mode)) {
        return Problem{"not_a_file", file.string() + " is a directory, pipe or device"};
    }
    std::vector<char> buffer(kBufferSize);
    Hasher128 hasher;
    while (true) {
        const auto got = ::read(descriptor, buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return unreadable(file, std::strerror(errno));
        if (got == 0) return hasher.digest();
        hasher.update(buffer.data(), static_cast<std::size_t>(got));
    }
}

void find_and_hash(HashedPicture& picture, const std::string& written,
                   const PictureFinder& finder) {
    auto resolved = finder.find(written);
    if (auto* problem = std::get_if<Problem>(&resolved)) {
        picture.content = std::move(*problem);
        return;
    }
    picture.path = std::filesystem::absolute(std::get<std::filesystem::path>(resolved));
    picture.content = hash_picture(picture.path);
}

void hash_one(HashedPicture& picture, const std::string& written, const PictureFinder& finder) {
    auto failed = attempt("unreadable", [&] { find_and_hash(picture, written, finder); });
    if (failed) picture.content = std::move(*failed);
}

}  // namespace

std::variant<Hash128, Problem> hash_picture(const std::filesystem::path& file) {
    // Without O_NONBLOCK, opening a named pipe would block.
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
        const int code = errno;
        detail::throw_if_out_of_resources(code, file);
        if (is_missing({code, std::generic_category()})) {
            return Problem{"missing", file.string() + ": no such file"};
        }
        return unreadable(file, std::strerror(code));
    }
    auto result = hash_descriptor(descriptor, file);
    ::close(descriptor);
    return result;
}

std::vector<std::vector<HashedPicture>> hash_pictures(const std::vector<CatalogRecord>& records,
                                                      const PictureFinder& finder) {
    std::vector<std::vector<HashedPicture>> pictures(records.size());
    std::vector<std::pair<std::size_t, std::size_t>> jobs;
    for (std::size_t i = 0; i < records.size(); ++i) {
        if (!records[i].problem.code.empty()) continue;
        pictures[i].resize(records[i].pictures.size());
        for (std::size_t k = 0; k < pictures[i].size(); ++k)
            jobs.emplace_back(i, k);
    }
    const auto threads = std::clamp(thread_count(0), 1, kMaxThreads);
    for_pieces(jobs.size(), threads, [&](std::size_t begin, std::size_t end) {
        for (auto job = begin; job < end; ++job) {
            const auto [i, k] = jobs[job];
            hash_one(pictures[i][k], records[i].pictures[k], finder);
        }
    });
    return pictures;
}

}  // namespace pmatch
