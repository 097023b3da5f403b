/// The search part of Index: converts FAISS's hits to items.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cfloat>
#include <cmath>
#include <numeric>
#include <utility>

#include "core/common/error.hpp"
#include "core/index/faiss_index.hpp"
#include "core/index/vector_index.hpp"
#include "core/threads/parallel.hpp"

namespace pmatch {
namespace {

constexpr std::int64_t kHitsInMemory = std::int64_t{1} << 22U;  // 12 bytes each
constexpr std::int64_t kSelfHits = std::int64_t{1} << 24U;      // of an all-pairs search
constexpr std::int64_t kQueriesInCall = 4096;
constexpr std::int64_t kSpareHits = 16;  // so that ties at the cut rarely need a second call
constexpr std::int64_t kGrowth = 4;

/// The product of two floats is exact in double, so neither fused multiply-add nor the vector unit
/// affects the sum, only the order of additions, which is fixed here: four independent sums, to
/// hide latency.
float inner_product(const float* a, const float* b, std::size_t dim) {
    constexpr std::size_t kSums = 4;
    std::array<double, kSums> sums{};
    for (std::size_t i = 0; i < dim; ++i)
        sums[i % kSums] += static_cast<double>(a[i]) * b[i];
    return static_cast<float>((sums[0] + sums[1]) + (sums[2] + sums[3]));
}

/// Each row once, with its best score; best first.
void keep_best_of_each_row(std::vector<Neighbour>& found) {
    std::sort(found.begin(), found.end(), [](const Neighbour& a, const Neighbour& b) {
        return a.row != b.row ? a.row < b.row : a.score > b.score;
    });
    const auto same_row = [](const Neighbour& a, const Neighbour& b) { return a.row == b.row; };
    found.erase(std::unique(found.begin(), found.end(), same_row), found.end());
    std::sort(found.begin(), found.end(), better_neighbour);
}

/// Upper bound on the difference between FAISS's float32 sum over `dim` products and ours.
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
    std::int64_t vectors = 0;  ///< number that FAISS may return
    const IndexFilter* filter = nullptr;
    /// Filter after FAISS's search instead of during it: cheaper if nearly all vectors are allowed,
    /// and possible for every layout.
    bool after = false;
};

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
    const auto round = first_round(k, filter);
    if (round.k == 0) return results;
    std::vector<std::size_t> all(count);
    std::iota(all.begin(), all.end(), std::size_t{0});
    search_rounds(queries, std::move(all), round, results);
    return results;
}

bool Index::can_search_self(int k) const {
    return exact() && shown_ == nullptr && count() > 0 &&
           count() * first_round(k, nullptr).hits_per_query <= kSelfHits;
}

std::vector<std::vector<Neighbour>> Index::search_all_pairs(int k) const {
    const auto size = static_cast<std::size_t>(count());
    const std::span queries(vectors_->stored(0), size * static_cast<std::size_t>(dim()));
    check_queries(queries, size, k);
    std::vector<std::vector<Neighbour>> results(size);
    auto round = first_round(k, nullptr);
    std::vector<std::size_t> all(size);
    std::iota(all.begin(), all.end(), std::size_t{0});
    auto unsure =
        collect_all(vectors_->search_all_pairs(round.hits_per_query), queries, all, round, results);
    deepen(round);
    search_rounds(queries, std::move(unsure), round, results);
    return results;
}

Index::Round Index::first_round(int k, const IndexFilter* filter) const {
    const bool after = filter == nullptr && shown_ != nullptr;
    if (after) filter = shown_.get();
    const auto allowed = filter != nullptr ? filter->vectors() : count();
    const auto all = after ? count() : allowed;
    const auto wanted = std::min<std::int64_t>(k, allowed);
    // Most items have few vectors; the rare query for which this is not enough is repeated.
    const auto per_row = std::min(build_.most_per_row, kGrowth);
    return {wanted, std::min(all, wanted * per_row + kSpareHits), 1, all, filter, after};
}

void Index::deepen(Round& round) const {
    round.hits_per_query = std::min(round.vectors, round.hits_per_query * kGrowth);
    round.widen = std::min(vectors_->widest(), round.widen * static_cast<int>(kGrowth));
}

/// Repeats rounds until every query has its items.
void Index::search_rounds(std::span<const float> queries, std::vector<std::size_t> pending,
                          Round round, std::vector<std::vector<Neighbour>>& results) const {
    for (; !pending.empty(); deepen(round))
        pending = search_round(queries, pending, round, results);
}

/// Returns the queries that need more hits.
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
        const auto unsure = collect_all(hits, queries, block, round, results);
        again.insert(again.end(), unsure.begin(), unsure.end());
    }
    return again;
}

/// `hits` belong to the query indexes in `block`. Returns the queries that need more.
std::vector<std::size_t> Index::collect_all(const FaissHits& hits, std::span<const float> queries,
                                            std::span<const std::size_t> block, const Round& round,
                                            std::vector<std::vector<Neighbour>>& results) const {
    const auto width = static_cast<std::size_t>(dim());
    std::vector<char> sure(block.size());
    for_pieces(block.size(), 0, [&](std::size_t begin, std::size_t end) {
        for (auto i = begin; i < end; ++i) {
            const auto query = queries.subspan(block[i] * width, width);
            sure[i] = collect(hits, i, query, round, results[block[i]]) ? 1 : 0;
        }
    });
    std::vector<std::size_t> unsure;
    for (std::size_t i = 0; i < block.size(); ++i) {
        if (sure[i] == 0) unsure.push_back(block[i]);
    }
    return unsure;
}

/// Compares the query with every allowed stored vector, if the layout keeps them.
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
            file_, Remedy{"build the index with", {{"build-index", {}, {"--layout", "Flat"}}}}};
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

/// Converts one query's hits to items. Returns false if more hits are needed.
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
        scan(query, round.filter, found);  // a graph may not reach all its vectors
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
