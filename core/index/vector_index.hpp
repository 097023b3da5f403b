/// Nearest-item search by inner product: the cosine when vectors have unit length. Spaces that
/// are not normalised are searched by inner product too.
/// All matrices are row-major: vector i starts at values[i * dim()].
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/common/neighbour.hpp"
#include "core/common/row_bitmap.hpp"
#include "core/index/index_sidecar.hpp"

namespace pmatch {

class FaissIndex;
struct FaissHits;

class IndexFilter;

/// Read-only; many threads may search one Index at the same time.
class Index {
public:
    /// A small index in memory, Flat unless said otherwise: vector i is of row i.
    static Index build(std::span<const float> vectors, int dim, const IndexOptions& options = {});

    /// What IndexBuilder::finish() puts together: rows[position] is the item of a vector.
    Index(FaissIndex vectors, std::vector<std::int64_t> rows, IndexBuild build);

    /// Writes the three files, the sidecar last, each whole or not at all.
    IndexRecords save(const IndexFiles& files, const IndexOrigin& origin) const;

    /// Sizes and checksums are compared in a pass of its own before FAISS sees a byte, because
    /// FAISS allocates what a damaged header asks for. Throws Error naming the file.
    static Index load(const IndexFiles& files, const IndexRecords& records);

    ~Index();
    Index(Index&&) noexcept;
    Index& operator=(Index&&) noexcept;

    int dim() const;
    /// Every search compares the query with every vector.
    bool exact() const;
    /// Vectors, not items; hidden ones, too.
    std::int64_t count() const;
    /// An IndexBuilder can go on with it.
    bool can_extend() const;
    const IndexBuild& build_info() const { return build_; }
    /// Position → row; -1 where the vector is dead.
    std::span<const std::int64_t> rows() const { return rows_; }

    /// Vectors at these positions are never answered again. Those of row -1 are hidden anyway.
    void hide(std::span<const std::int64_t> positions);
    std::int64_t hidden() const;

    /// The parts it is made of, for a builder that goes on with it; this is left empty.
    FaissIndex release();

    /// The `k` best items for one query of dim() values, best first, equal scores by ascending
    /// row; an item counts once, with its best vector. What is tied with the k-th place comes
    /// too, so that the caller can break ties by item id and cut. Fewer than `k` only when the
    /// index has fewer items, or when a compressed layout does not find more.
    /// Where the layout keeps float32 vectors a score is the same for every batch size and
    /// number of threads: sums of exact products in double, rounded once to float.
    std::vector<Neighbour> search(std::span<const float> query, int k,
                                  const IndexFilter* filter = nullptr) const;

    /// The same for `count` queries, row-major; in few calls of FAISS, in bounded memory.
    std::vector<std::vector<Neighbour>> search_batch(std::span<const float> queries,
                                                     std::size_t count, int k,
                                                     const IndexFilter* filter = nullptr) const;

    /// Where the layout is exact, nothing is hidden, and the hits of all vectors fit in memory.
    bool can_search_self(int k) const;
    /// search_batch() with every vector as a query, by position, in half the time: only where
    /// can_search_self().
    std::vector<std::vector<Neighbour>> search_all_pairs(int k) const;

    /// The score of every item for each of `count` queries, ascending rows. Throws Error unless
    /// the index is exact().
    std::vector<std::vector<Neighbour>> scores(std::span<const float> queries, std::size_t count,
                                               const IndexFilter* filter = nullptr) const;

    /// For searches among `rows` only; to be used with this index while it lives. Throws Error,
    /// naming the layout, when that cannot filter.
    IndexFilter filter(const RowSet& rows) const;

private:
    struct Round;
    Round first_round(int k, const IndexFilter* filter) const;
    void deepen(Round& round) const;
    void search_rounds(std::span<const float> queries, std::vector<std::size_t> pending,
                       Round round, std::vector<std::vector<Neighbour>>& results) const;
    std::vector<std::size_t> search_round(std::span<const float> queries,
                                          std::span<const std::size_t> pending, const Round& round,
                                          std::vector<std::vector<Neighbour>>& results) const;
    std::vector<std::size_t> collect_all(const FaissHits& hits, std::span<const float> queries,
                                         std::span<const std::size_t> block, const Round& round,
                                         std::vector<std::vector<Neighbour>>& results) const;
    bool collect(const FaissHits& hits, std::size_t number, std::span<const float> query,
                 const Round& round, std::vector<Neighbour>& found) const;
    void scan(std::span<const float> query, const IndexFilter* filter,
              std::vector<Neighbour>& found) const;
    Index subset(const IndexFilter& filter) const;
    void check_queries(std::span<const float> queries, std::size_t count, int k) const;

    std::unique_ptr<FaissIndex> vectors_;
    std::vector<std::int64_t> rows_;            ///< position → row
    std::unique_ptr<const IndexFilter> shown_;  ///< where some are hidden
    IndexBuild build_;
    std::string file_;  ///< for messages; empty for an index in memory
};

/// Which vectors of an index may be answered.
class IndexFilter {
public:
    bool contains(std::int64_t position) const {
        const auto at = static_cast<std::size_t>(position);
        return ((bits_[at / 8] >> (at % 8)) & 1U) != 0;
    }
    std::int64_t vectors() const { return vectors_; }

private:
    friend class Index;
    IndexFilter() = default;
    void insert(std::size_t position);

    std::vector<std::uint8_t> bits_;  ///< a bit a position, lowest bit first, as FAISS wants it
    std::int64_t vectors_ = 0;
    std::shared_ptr<const Index> subset_;  ///< these vectors alone, where they are few
};

}  // namespace pmatch
