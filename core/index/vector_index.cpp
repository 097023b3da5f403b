#include "core/index/vector_index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "core/common/error.hpp"
#include "core/index/faiss_index.hpp"
#include "core/index/index_builder.hpp"

namespace pmatch {
namespace {

/// If at most one in this many vectors is allowed, they are copied and searched exactly.
constexpr std::int64_t kFewShare = 4;
constexpr std::size_t kSubsetBlock = std::size_t{1} << 20U;  // floats copied at a time

}  // namespace

Index::Index(FaissIndex vectors, std::vector<std::int64_t> rows, IndexBuild build)
    : vectors_(std::make_unique<FaissIndex>(std::move(vectors))),
      rows_(std::move(rows)),
      build_(std::move(build)) {}

Index::~Index() = default;
Index::Index(Index&&) noexcept = default;
Index& Index::operator=(Index&&) noexcept = default;

Index Index::build(std::span<const float> vectors, int dim, const IndexOptions& options) {
    std::vector<std::int64_t> rows(vectors.size() / static_cast<std::size_t>(std::max(dim, 1)));
    std::iota(rows.begin(), rows.end(), 0);
    IndexBuilder builder(dim, options, static_cast<std::int64_t>(rows.size()));
    if (builder.wants_sample()) builder.sample(vectors);
    builder.add(rows, vectors);
    return builder.finish();
}

IndexRecords Index::save(const IndexFiles& files, const IndexOrigin& origin) const {
    IndexRecords records;
    AtomicFile faiss(files.faiss);
    vectors_->write(faiss);
    records.faiss = faiss.publish();
    records.rows = write_rows(files.rows, rows_);
    records.sidecar = write_sidecar(files.sidecar, {origin, build_});
    return records;
}

Index Index::load(const IndexFiles& files, const IndexRecords& records) {
    const auto build = read_sidecar(files.sidecar, records.sidecar).build;
    auto rows = read_rows(files.rows, records.rows, build.count);
    verify_file(files.faiss, records.faiss, index_remedy());
    auto vectors = FaissIndex::read(files.faiss);
    if (vectors.dim() != build.dim || vectors.count() != build.count) {
        throw Error{
            fmt::format("the index holds {} vectors of {} values, its sidecar says {} of {}",
                        vectors.count(), vectors.dim(), build.count, build.dim),
            files.faiss.string(), index_remedy()};
    }
    if (vectors.knob().name != build.search_parameter) {
        throw Error{fmt::format("the index has the search parameter '{}', its sidecar says '{}'",
                                vectors.knob().name, build.search_parameter),
                    files.faiss.string(), index_remedy()};
    }
    if (!build.search_parameter.empty()) vectors.set_knob(build.search_value);
    Index index(std::move(vectors), std::move(rows), build);
    index.file_ = files.faiss.string();
    const auto dead = std::count(index.rows_.begin(), index.rows_.end(), -1);
    if (dead != build.dead) {
        throw Error{fmt::format("{} of the index's vectors have no row, its sidecar says {}", dead,
                                build.dead),
                    files.rows.string(), index_remedy()};
    }
    if (dead > 0) index.hide({});
    return index;
}

int Index::dim() const {
    return vectors_->dim();
}
std::int64_t Index::count() const {
    return vectors_->count();
}

void Index::hide(std::span<const std::int64_t> positions) {
    auto shown = std::unique_ptr<IndexFilter>(new IndexFilter);
    shown->bits_.resize((rows_.size() + 7) / 8);
    std::vector<bool> hidden(rows_.size(), false);
    for (const auto position : positions)
        hidden.at(static_cast<std::size_t>(position)) = true;
    for (std::size_t at = 0; at < rows_.size(); ++at) {
        const auto position = static_cast<std::int64_t>(at);
        const bool was = shown_ == nullptr || shown_->contains(position);
        if (was && !hidden[at] && rows_[at] >= 0) shown->insert(at);
    }
    shown_ = std::move(shown);
}

std::int64_t Index::hidden() const {
    return shown_ == nullptr ? 0 : count() - shown_->vectors();
}

bool Index::can_extend() const {
    return vectors_->can_extend();
}

FaissIndex Index::release() {
    return std::move(*vectors_);
}

bool Index::exact() const {
    return vectors_->exact();
}

void IndexFilter::insert(std::size_t position) {
    auto& byte = bits_[position / 8];
    byte = static_cast<std::uint8_t>(byte | (1U << (position % 8)));
    ++vectors_;
}

IndexFilter Index::filter(const RowSet& rows) const {
    IndexFilter filter;
    filter.bits_.resize((rows_.size() + 7) / 8);
    for (std::size_t at = 0; at < rows_.size(); ++at) {
        const bool shown = shown_ == nullptr || shown_->contains(static_cast<std::int64_t>(at));
        if (shown && rows.contains(rows_[at])) filter.insert(at);
    }
    const bool few = filter.vectors() * kFewShare <= count();
    if (few && (filter.vectors() == 0 || vectors_->stored(0) != nullptr)) {
        filter.subset_ = std::make_shared<const Index>(subset(filter));
    } else if (!vectors_->can_filter()) {
        throw Error{fmt::format("the layout {} cannot search among some items only", build_.layout),
                    file_,
                    Remedy{"build the index with",
                           {{"build-index", {}, {"--layout", "Flat"}}},
                           " (or HNSW32, or IVF1024,Flat), or leave --where out"}};
    }
    return filter;
}

Index Index::subset(const IndexFilter& filter) const {
    FaissIndex flat(dim(), "Flat");
    std::vector<std::int64_t> rows;
    std::vector<float> block;
    for (std::int64_t position = 0; position < count(); ++position) {
        if (!filter.contains(position)) continue;
        const auto* stored = vectors_->stored(position);
        block.insert(block.end(), stored, stored + dim());
        rows.push_back(rows_[static_cast<std::size_t>(position)]);
        if (block.size() < kSubsetBlock) continue;
        flat.add(block);
        block.clear();
    }
    flat.add(block);
    flat.locate_stored();
    auto build = build_;
    build.layout = "Flat";
    build.count = flat.count();
    return {std::move(flat), std::move(rows), std::move(build)};
}

}  // namespace pmatch
