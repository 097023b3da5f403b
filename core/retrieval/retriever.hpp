/// One way of ranking the items for a query: the vectors of a space, the words of a text, or what
/// comes next. A recipe asks one or several of them and puts their lists together.
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

/// The answer to one query: its list, best first, or why there is none.
struct RetrievedList {
    std::vector<Neighbour> found;
    Problem problem;  ///< code empty: none. A query of several pictures may have both
};

struct RetrievalRequest {
    int depth = 10;  ///< the best so many, and more where equal scores are left to the caller
    bool complete = false;  ///< the score of every item instead, in any order
    std::shared_ptr<const RowSet> allowed = nullptr;  ///< these rows only; nullptr = all
};

/// Who asks: told what is done, and able to change its mind.
struct Asking {
    Execution execution;
    std::stop_token cancelled = {};
};

/// Queries of one request ready to be compared: embedded, or cut into terms. For one thread.
class PreparedQueries {
public:
    virtual ~PreparedQueries() = default;
    /// One result for each of `which`, numbers of the queries that were prepared.
    virtual std::vector<RetrievedList> retrieve(std::span<const std::size_t> which,
                                                const RetrievalRequest& request) = 0;
};

/// Many threads may ask one retriever at the same time.
class Retriever {
public:
    virtual ~Retriever() = default;

    /// All of them have_input_for() the list. The result must outlive neither this nor `asking`.
    virtual std::unique_ptr<PreparedQueries> prepare(std::span<const Query* const> queries,
                                                     QueryPart part,
                                                     const Asking& asking) const = 0;
    /// Every item is compared with the query.
    virtual bool exact() const = 0;
    /// The retriever leaves what is tied at the end of a list to the caller; false: it breaks ties.
    virtual bool leaves_ties() const = 0;
    /// Items that have something to compare, or a few more.
    virtual std::int64_t count() const = 0;
};

}  // namespace pmatch
