/// Interface of a retriever: ranks items for a query by vectors, by words, or by a future method. A
/// recipe combines the lists of one or several retrievers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <vector>

#include "core/common/neighbour.hpp"
#include "core/common/observer.hpp"
#include "core/common/row_bitmap.hpp"
#include "core/retrieval/query.hpp"

namespace pmatch {

/// The result for one query: its list, best first, or the reason for its failure.
struct RetrievedList {
    std::vector<Neighbour> found;
    Problem problem;  ///< code empty: success. A query with several pictures may have both
};

struct RetrievalRequest {
    int depth = 10;         ///< top-k, plus ties of the last if leaves_ties()
    bool complete = false;  ///< return the scores of all items instead, in any order
    std::shared_ptr<const RowSet> allowed = nullptr;  ///< restrict to these rows; nullptr = all
};

/// The caller's observer, threads and cancellation.
struct Asking {
    Execution execution;
    std::stop_token cancelled = {};
};

/// Prepared queries of one request: embedded or split into terms. Single-threaded.
class PreparedQueries {
public:
    virtual ~PreparedQueries() = default;
    /// One result for each of `which`, indexes of the prepared queries.
    virtual std::vector<RetrievedList> retrieve(std::span<const std::size_t> which,
                                                const RetrievalRequest& request) = 0;
};

/// Thread-safe.
class Retriever {
public:
    virtual ~Retriever() = default;

    /// All queries must satisfy has_input_for() the list. This and `asking` must outlive the
    /// result.
    virtual std::unique_ptr<PreparedQueries> prepare(std::span<const Query* const> queries,
                                                     QueryPart part,
                                                     const Asking& asking) const = 0;
    /// Whether every item is compared with the query.
    virtual bool exact() const = 0;
    /// Whether ties at the end of a list are returned for the caller to break; otherwise they are
    /// broken here.
    virtual bool leaves_ties() const = 0;
    /// Number of items (or vectors) to compare, approximately.
    virtual std::int64_t count() const = 0;
};

}  // namespace pmatch
