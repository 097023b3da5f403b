#include "data/ingest/picture_hash.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "core/common/input_failure.hpp"
#include "core/threads/parallel.hpp"
#include "data/pictures/picture_file.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kBufferSize = std::size_t{128} << 10U;
constexpr int kMaxThreads = 8;

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
    auto opened = PictureFile::open(file);
    if (auto* problem = std::get_if<Problem>(&opened)) return std::move(*problem);
    auto& picture = std::get<PictureFile>(opened);
    std::vector<std::uint8_t> buffer(std::min<std::uint64_t>(kBufferSize, picture.size()));
    Hasher128 hasher;
    while (true) {
        auto read = picture.read(buffer);
        if (auto* problem = std::get_if<Problem>(&read)) return std::move(*problem);
        const auto got = std::get<std::size_t>(read);
        if (got == 0) return hasher.digest();
        hasher.update(buffer.data(), got);
    }
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
