/// An index plus an exact search over the vectors added since it was built: together the current
/// content of a space.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/common/row_bitmap.hpp"
#include "core/index/vector_index.hpp"

namespace pmatch {

/// Union of both lists, each item with its better score; ascending rows.
std::vector<Neighbour> best_of_both(std::vector<Neighbour> one,
                                    const std::vector<Neighbour>& other);

/// Restricts searches to some rows, see Index::filter().
struct LiveFilter {
    IndexFilter covered;
    std::optional<IndexFilter> added;
};

/// Read-only and thread-safe.
class LiveIndex {
public:
    /// Vectors of `covered` that are no longer live must be hidden in it.
    explicit LiveIndex(Index covered) : covered_(std::move(covered)) {}
    /// `added` is Flat and holds the live vectors that `covered` lacks.
    LiveIndex(Index covered, Index added)
        : covered_(std::move(covered)), added_(std::move(added)) {}

    int dim() const { return covered_.dim(); }
    bool exact() const { return covered_.exact(); }
    /// Number of live vectors, not items.
    std::int64_t count() const;
    const IndexBuild& build_info() const { return covered_.build_info(); }

    /// Like Index::search_batch(), Index::scores() and Index::filter().
    std::vector<std::vector<Neighbour>> search_batch(std::span<const float> queries,
                                                     std::size_t count, int k,
                                                     const LiveFilter* filter = nullptr) const;
    std::vector<std::vector<Neighbour>> scores(std::span<const float> queries, std::size_t count,
                                               const LiveFilter* filter = nullptr) const;
    LiveFilter filter(const RowSet& rows) const;

    /// Like Index's, by the positions of rows(). Unavailable if the index does not cover all
    /// vectors.
    bool can_search_self(int k) const { return !added_ && covered_.can_search_self(k); }
    std::vector<std::vector<Neighbour>> search_all_pairs(int k) const {
        return covered_.search_all_pairs(k);
    }
    std::span<const std::int64_t> rows() const { return covered_.rows(); }

private:
    Index covered_;
    std::optional<Index> added_;
};

}  // namespace pmatch
