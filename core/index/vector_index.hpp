/// Nearest-item search by inner product, which is the cosine for unit vectors. Spaces that are not
/// normalised are searched by inner product, too. All matrices are row-major: vector i starts at
/// values[i * dim()].
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

/// Read-only and thread-safe.
class Index {
public:
    /// A small in-memory index, Flat by default: vector i belongs to row i.
    static Index build(std::span<const float> vectors, int dim, const IndexOptions& options = {});

    /// Used by IndexBuilder::finish(): rows[position] is the item of a vector.
    Index(FaissIndex vectors, std::vector<std::int64_t> rows, IndexBuild build);

    /// Writes the three files atomically, the sidecar last.
    IndexRecords save(const IndexFiles& files, const IndexOrigin& origin) const;

    /// Verifies sizes and checksums in a separate pass first, because FAISS allocates whatever a
    /// damaged header says. Throws Error naming the file.
    static Index load(const IndexFiles& files, const IndexRecords& records);

    ~Index();
    Index(Index&&) noexcept;
    Index& operator=(Index&&) noexcept;

    int dim() const;
    /// Whether every search compares the query with all vectors.
    bool exact() const;
    /// Number of vectors, not items, including hidden ones.
    std::int64_t count() const;
    /// Whether an IndexBuilder can extend it.
    bool can_extend() const;
    const IndexBuild& build_info() const { return build_; }
    /// Position → row; -1 for dead vectors.
    std::span<const std::int64_t> rows() const { return rows_; }

    /// Excludes the vectors at these positions from all results. Those of row -1 are always hidden.
    void hide(std::span<const std::int64_t> positions);
    std::int64_t hidden() const;

    /// Moves out the FAISS index for a builder that extends it; this object is left empty.
    FaissIndex release();

    /// The top `k` items for one query of dim() values, best first, ties by ascending row; an item
    /// has the score of its best vector. Items tied with the k-th are included, so that the caller
    /// can break ties by item id and truncate. Fewer than `k` only if the index has fewer items, or
    /// a compressed layout does not find more. If the layout keeps float32 vectors, scores do not
    /// depend on batch size and number of threads: sums of exact products in double, rounded once
    /// to float.
    std::vector<Neighbour> search(std::span<const float> query, int k,
                                  const IndexFilter* filter = nullptr) const;

    /// The same for `count` queries, row-major; in few calls of FAISS and bounded memory.
    std::vector<std::vector<Neighbour>> search_batch(std::span<const float> queries,
                                                     std::size_t count, int k,
                                                     const IndexFilter* filter = nullptr) const;

    /// True if the layout is exact, nothing is hidden, and the hits of all vectors fit in memory.
    bool can_search_self(int k) const;
    /// search_batch() with every vector as a query, by position, in half the time; requires
    /// can_search_self().
    std::vector<std::vector<Neighbour>> search_all_pairs(int k) const;

    /// The scores of all items for each of `count` queries, ascending rows. Throws Error unless
    /// exact().
    std::vector<std::vector<Neighbour>> scores(std::span<const float> queries, std::size_t count,
                                               const IndexFilter* filter = nullptr) const;

    /// A filter for searches among `rows`, valid only with this index and during its lifetime.
    /// Throws Error, naming the layout, if it cannot filter.
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
    std::unique_ptr<const IndexFilter> shown_;  ///< set if some are hidden
    IndexBuild build_;
    std::string file_;  ///< for messages; empty for an index in memory
};

/// The vectors of an index that a search may return.
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

    std::vector<std::uint8_t> bits_;  ///< one bit per position, lowest bit first, as FAISS expects
    std::int64_t vectors_ = 0;
    std::shared_ptr<const Index> subset_;  ///< a copy of these vectors only, if they are few
};

}  // namespace pmatch
