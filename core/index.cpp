#include "core/index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cfloat>
#include <cmath>
#include <numeric>
#include <utility>

#include "core/error.hpp"
#include "core/faiss_index.hpp"
#include "core/index_builder.hpp"
#include "core/parallel.hpp"

namespace pmatch {
namespace {

constexpr std::int64_t kHitsInMemory = std::int64_t{1} << 22U;  // 12 bytes each
constexpr std::int64_t kQueriesInCall = 4096;
constexpr std::int64_t kSpareHits = 16;  // so that a tie at the border rarely costs a second call
constexpr std::int64_t kGrowth = 4;
/// Where no more than one in so many vectors may be found, they are copied and searched exactly.
constexpr std::int64_t kFewShare = 4;
constexpr std::size_t kSubsetBlock = std::size_t{1} << 20U;  // floats copied at a time

/// The product of two floats is exact in double, so neither fused multiply-add nor a different
/// vector unit changes the sum; its order is this loop's: four sums, that no addition waits for
/// the one before.
float inner_product(const float* a, const float* b, std::size_t dim) {
    constexpr std::size_t kSums = 4;
    std::array<double, kSums> sums{};
    for (std::size_t i = 0; i < dim; ++i)
        sums[i % kSums] += static_cast<double>(a[i]) * b[i];
    return static_cast<float>((sums[0] + sums[1]) + (sums[2] + sums[3]));
}

bool better(const Neighbour& a, const Neighbour& b) {
    return a.score != b.score ? a.score > b.score : a.row < b.row;
}

/// Each row once, with its best score; best first.
void keep_best_of_each_row(std::vector<Neighbour>& found) {
    std::sort(found.begin(), found.end(), [](const Neighbour& a, const Neighbour& b) {
        return a.row != b.row ? a.row < b.row : a.score > b.score;
    });
    const auto same_row = [](const Neighbour& a, const Neighbour& b) { return a.row == b.row; };
    found.erase(std::unique(found.begin(), found.end(), same_row), found.end());
    std::sort(found.begin(), found.end(), better);
}

/// How far FAISS's float32 sum over `dim` products may be from ours.
double rounding_margin(std::span<const float> query, float largest_norm) {
    double squares = 0;
    for (const float value : query)
        squares += static_cast<double>(value) * value;
    return (static_cast<double>(query.size()) + 2) * FLT_EPSILON * std::sqrt(squares) *
           largest_norm;
}

}  // namespace

/// One round of over-fetching: `hits_per_query` vectors are fetched to get `k` items.
struct Index::Round {
    std::int64_t k = 0;
    std::int64_t hits_per_query = 0;
    int widen = 1;
    std::int64_t vectors = 0;  ///< that FAISS may find
    const IndexFilter* filter = nullptr;
    /// FAISS is not told of the filter: what it finds is dropped afterwards. Cheaper than a
    /// selector while nearly everything may be found, and possible for every layout.
    bool after = false;
};

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
    verify_file(files.faiss, records.faiss, kRebuildIndex);
    auto vectors = FaissIndex::read(files.faiss);
    if (vectors.dim() != build.dim || vectors.count() != build.count) {
        throw Error{
            fmt::format("the index holds {} vectors of {} values, its sidecar says {} of {}",
                        vectors.count(), vectors.dim(), build.count, build.dim),
            files.faiss.string(), kRebuildIndex};
    }
    if (vectors.knob().name != build.search_parameter) {
        throw Error{fmt::format("the index has the search parameter '{}', its sidecar says '{}'",
                                vectors.knob().name, build.search_parameter),
                    files.faiss.string(), kRebuildIndex};
    }
    if (!build.search_parameter.empty()) vectors.set_knob(build.search_value);
    Index index(std::move(vectors), std::move(rows), build);
    index.file_ = files.faiss.string();
    const auto dead = std::count(index.rows_.begin(), index.rows_.end(), -1);
    if (dead != build.dead) {
        throw Error{fmt::format("{} of the index's vectors have no row, its sidecar says {}", dead,
                                build.dead),
                    files.rows.string(), kRebuildIndex};
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

void Index::check_queries(std::span<const float> queries, std::size_t count, int k) const {
    const auto expected = count * static_cast<std::size_t>(dim());
    if (queries.size() != expected) {
        const auto values = count == 0 ? queries.size() : queries.size() / count;
        throw Error{fmt::format("the query has {} values, the index expects {}", values, dim()),
                    file_, "embed the query with the model the index was built with"};
    }
    if (k < 1) throw Error{fmt::format("{} answers were asked for", k), {}, "ask for 1 or more"};
    if (!std::all_of(queries.begin(), queries.end(), [](float v) { return std::isfinite(v); })) {
        throw Error{"the query holds a value that is not a finite number", file_,
                    "check the model package with `pmatch model verify`"};
    }
}

bool Index::exact() const {
    return vectors_->exact();
}

std::vector<Neighbour> Index::search(std::span<const float> query, int k,
                                     const IndexFilter* filter) const {
    return std::move(search_batch(query, 1, k, filter).front());
}

std::vector<std::vector<Neighbour>> Index::search_batch(std::span<const float> queries,
                                                        std::size_t count, int k,
                                                        const IndexFilter* filter) const {
    check_queries(queries, count, k);
    if (filter != nullptr && filter->subset_)
        return filter->subset_->search_batch(queries, count, k);
    std::vector<std::vector<Neighbour>> results(count);
    const bool after = filter == nullptr && shown_ != nullptr;
    if (after) filter = shown_.get();
    const auto allowed = filter != nullptr ? filter->vectors() : this->count();
    if (allowed == 0) return results;
    const auto all = after ? this->count() : allowed;
    const auto wanted = std::min<std::int64_t>(k, allowed);
    // Most items have few vectors; the rare query for which this is not enough is asked again.
    const auto per_row = std::min(build_.most_per_row, kGrowth);
    Round round{wanted, std::min(all, wanted * per_row + kSpareHits), 1, all, filter, after};
    std::vector<std::size_t> pending(count);
    std::iota(pending.begin(), pending.end(), std::size_t{0});
    while (true) {
        pending = search_round(queries, pending, round, results);
        if (pending.empty()) return results;
        round.hits_per_query = std::min(all, round.hits_per_query * kGrowth);
        round.widen = std::min(vectors_->widest(), round.widen * static_cast<int>(kGrowth));
    }
}

std::vector<std::size_t> Index::search_round(std::span<const float> queries,
                                             std::span<const std::size_t> pending,
                                             const Round& round,
                                             std::vector<std::vector<Neighbour>>& results) const {
    const auto width = static_cast<std::size_t>(dim());
    const auto at_once = static_cast<std::size_t>(
        std::clamp(kHitsInMemory / round.hits_per_query, std::int64_t{1}, kQueriesInCall));
    std::vector<std::size_t> again;
    std::vector<float> gathered;
    for (std::size_t start = 0; start < pending.size(); start += at_once) {
        const auto block = pending.subspan(start, std::min(at_once, pending.size() - start));
        gathered.clear();
        for (const auto query : block) {
            const auto values = queries.subspan(query * width, width);
            gathered.insert(gathered.end(), values.begin(), values.end());
        }
        const auto hits = vectors_->search(gathered, round.hits_per_query, round.widen,
                                           round.filter != nullptr && !round.after
                                               ? std::span<const std::uint8_t>(round.filter->bits_)
                                               : std::span<const std::uint8_t>());
        std::vector<char> sure(block.size());
        for_pieces(block.size(), 0, [&](std::size_t begin, std::size_t end) {
            for (auto i = begin; i < end; ++i) {
                const auto query = queries.subspan(block[i] * width, width);
                sure[i] = collect(hits, i, query, round, results[block[i]]) ? 1 : 0;
            }
        });
        for (std::size_t i = 0; i < block.size(); ++i) {
            if (sure[i] == 0) again.push_back(block[i]);
        }
    }
    return again;
}

/// Compares the query with every stored vector that may be found, if the layout keeps them.
void Index::scan(std::span<const float> query, const IndexFilter* filter,
                 std::vector<Neighbour>& found) const {
    if (count() == 0 || vectors_->stored(0) == nullptr) return;
    found.clear();
    for (std::int64_t position = 0; position < count(); ++position) {
        if (filter != nullptr && !filter->contains(position)) continue;
        found.push_back({rows_[static_cast<std::size_t>(position)],
                         inner_product(query.data(), vectors_->stored(position), query.size())});
    }
    keep_best_of_each_row(found);
}

std::vector<std::vector<Neighbour>> Index::scores(std::span<const float> queries, std::size_t count,
                                                  const IndexFilter* filter) const {
    check_queries(queries, count, 1);
    if (!exact()) {
        throw Error{
            fmt::format("the score of every item is wanted, which the layout {} cannot give",
                        build_.layout),
            file_, "build the index with `pmatch build-index COLLECTION --layout Flat`"};
    }
    if (filter != nullptr && filter->subset_) return filter->subset_->scores(queries, count);
    std::vector<std::vector<Neighbour>> results(count);
    if (filter == nullptr) filter = shown_.get();
    const auto width = static_cast<std::size_t>(dim());
    for_pieces(count, 0, [&](std::size_t begin, std::size_t end) {
        for (auto i = begin; i < end; ++i) {
            scan(queries.subspan(i * width, width), filter, results[i]);
            std::sort(results[i].begin(), results[i].end(),
                      [](const Neighbour& a, const Neighbour& b) { return a.row < b.row; });
        }
    });
    return results;
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
        throw Error{
            fmt::format("the layout {} cannot search among some items only", build_.layout), file_,
            "build the index with `pmatch build-index COLLECTION --layout Flat` (or HNSW32, "
            "or IVF1024,Flat), or leave --where out"};
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

/// Turns one query's hits into items. False when more hits must be fetched to be sure.
bool Index::collect(const FaissHits& hits, std::size_t number, std::span<const float> query,
                    const Round& round, std::vector<Neighbour>& found) const {
    const auto fetched = static_cast<std::size_t>(round.hits_per_query);
    const auto wanted = static_cast<std::size_t>(round.k);
    bool padded = false;
    float worst = 0;  // FAISS's own score of the last hit
    found.clear();
    for (std::size_t i = number * fetched; i < (number + 1) * fetched; ++i) {
        const auto position = hits.positions[i];
        if (position < 0 || position >= count()) {  // FAISS pads missing results with id -1
            padded = true;
            continue;
        }
        worst = hits.scores[i];
        if (round.filter != nullptr && !round.filter->contains(position)) continue;
        const float* stored = vectors_->stored(position);
        found.push_back({rows_[static_cast<std::size_t>(position)],
                         stored ? inner_product(query.data(), stored, query.size()) : worst});
    }
    keep_best_of_each_row(found);
    const bool all_seen = round.hits_per_query == round.vectors && !padded;
    const bool widest = round.widen >= vectors_->widest();
    if (found.size() < wanted) {
        if (all_seen) return true;
        if (!padded || !widest) return false;
        scan(query, round.filter, found);  // a graph need not reach all its vectors
        if (found.size() < wanted) return true;
    }
    const float border = found[wanted - 1].score;
    if (vectors_->exact() && !all_seen &&
        worst + rounding_margin(query, build_.largest_norm) >= border) {
        return false;
    }
    const auto end = std::find_if(found.begin() + static_cast<std::ptrdiff_t>(wanted), found.end(),
                                  [&](const Neighbour& n) { return n.score < border; });
    found.erase(end, found.end());
    return true;
}

}  // namespace pmatch
