#include "core/index/index_check.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/common/error.hpp"

namespace pmatch {
namespace {

/// FAISS trusts file headers, so sizes and checksums are verified first.
FaissIndex read_verified(const std::filesystem::path& file, const FileRecord& record) {
    verify_file(file, record, index_remedy());
    return FaissIndex::read(file);
}

}  // namespace

IndexCheck::IndexCheck(const IndexFiles& files, const IndexRecords& records)
    : files_(files),
      sidecar_(read_sidecar(files.sidecar, records.sidecar)),
      rows_(read_rows(files.rows, records.rows, sidecar_.build.count)),
      vectors_(read_verified(files.faiss, records.faiss)) {
    const auto& build = sidecar_.build;
    if (vectors_.count() != build.count || vectors_.dim() != build.dim) {
        throw Error{fmt::format("it holds {} vectors of {} values, its sidecar says {} of {}",
                                vectors_.count(), vectors_.dim(), build.count, build.dim),
                    files.faiss.string(), index_remedy()};
    }
    vectors_.locate_stored();
}

bool IndexCheck::keeps_vectors() const {
    return vectors_.count() > 0 && vectors_.stored(0) != nullptr;
}

void IndexCheck::compare(std::span<const std::int64_t> rows, std::span<const float> vectors) {
    const auto width = static_cast<std::size_t>(vectors_.dim());
    if (compared_ + rows.size() > rows_.size() || vectors.size() != rows.size() * width) {
        throw Error{fmt::format("it holds {} vectors, the space has more", rows_.size()),
                    files_.rows.string(), index_remedy()};
    }
    for (std::size_t i = 0; i < rows.size(); ++i)
        compare_at(static_cast<std::int64_t>(compared_), rows[i],
                   vectors.subspan(i * width, width));
}

void IndexCheck::compare_at(std::int64_t position, std::int64_t row,
                            std::span<const float> vector) {
    const auto held = rows_.at(static_cast<std::size_t>(position));
    if (held != row) {
        throw Error{
            fmt::format("position {} is row {}, the space has row {} there", position, held, row),
            files_.rows.string(), index_remedy()};
    }
    const auto* stored = keeps_vectors() ? vectors_.stored(position) : nullptr;
    if (stored != nullptr && !std::equal(vector.begin(), vector.end(), stored)) {
        throw Error{fmt::format("position {} holds another vector than the space", position),
                    files_.faiss.string(), index_remedy()};
    }
    ++compared_;
}

void IndexCheck::finish() const {
    const auto dead = static_cast<std::size_t>(std::count(rows_.begin(), rows_.end(), -1));
    if (compared_ + dead == rows_.size()) return;
    throw Error{
        fmt::format("it holds {} vectors, the space has {}", rows_.size() - dead, compared_),
        files_.faiss.string(), index_remedy()};
}

}  // namespace pmatch
