/// One way of ranking the items for a query: the vectors of a space, or the words of a text.
/// A preset asks one or several of them and puts their lists together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "cli/query_feed.hpp"
#include "core/index.hpp"
#include "core/recipe.hpp"
#include "core/row_set.hpp"

namespace pmatch::cli {

/// The answer to one query: its list, best first, or why there is none.
struct ListResult {
    std::vector<Neighbour> found;
    Problem problem;  ///< code empty: none. A query of several pictures may have both
};

struct ListWanted {
    int depth = 10;  ///< the best so many, and more where equal scores are left to the caller
    bool complete = false;  ///< the score of every item instead, in any order
};

/// Queries ready to be compared: embedded, or cut into terms.
class AskedQueries {
public:
    virtual ~AskedQueries() = default;
    /// One result for each of `which`, numbers of the queries that were asked.
    virtual std::vector<ListResult> search(std::span<const std::size_t> which,
                                           const ListWanted& wanted) = 0;
};

class ListSearch {
public:
    virtual ~ListSearch() = default;

    /// From now on only these rows are answered. Throws Error when that cannot be.
    virtual void restrict_to(const RowSet& rows) = 0;

    /// All of them have_input_for() the list. The result must not outlive this.
    virtual std::unique_ptr<AskedQueries> ask(std::span<const Query* const> queries,
                                              QueryPart part) = 0;
    /// Every item is compared with the query.
    virtual bool exact() const = 0;
    /// Items that have something to compare, or a few more.
    virtual std::int64_t count() const = 0;
};

/// What is compared with texts of `source`: the query's column of that name where it has one,
/// else its text. A picture space is compared with the text.
inline const std::string& text_for(const std::string& source, const Query& query) {
    const auto field = source == "image" ? query.fields.end() : query.fields.find(source);
    return field != query.fields.end() ? field->second : query.text;
}

/// The query has what the list compares.
inline bool has_input_for(const ListSpec& list, const Query& query) {
    return list.query == QueryPart::kImage ? !query.pictures.empty()
                                           : !text_for(list.source, query).empty();
}

}  // namespace pmatch::cli
