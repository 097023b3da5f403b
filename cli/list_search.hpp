/// One way of ranking the items for a query: the vectors of a space, or the words of a text.
/// A preset asks one or several of them and puts their lists together.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "cli/query_feed.hpp"
#include "core/index.hpp"

namespace pmatch::cli {

/// The answer to one query: its list, best first, or why there is none.
struct ListResult {
    std::vector<Neighbour> found;
    Problem problem;  ///< code empty: none. A query of several pictures may have both
};

class ListSearch {
public:
    virtual ~ListSearch() = default;

    /// The query has what this compares.
    virtual bool can_answer(const Query& query) const = 0;

    /// One result per query, in their order; all of them can be answered. A list has the `top`
    /// best, and may have more where the order among equal scores is left to the caller.
    virtual std::vector<ListResult> search(std::span<const Query* const> queries, int top) = 0;
};

/// What is compared with texts of `source`: the query's column of that name where it has one,
/// else its text.
inline const std::string& text_for(const std::string& source, const Query& query) {
    const auto field = query.fields.find(source);
    return field != query.fields.end() ? field->second : query.text;
}

}  // namespace pmatch::cli
