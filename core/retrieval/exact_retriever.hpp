/// Retrieves the items that have an identifier of the query.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "core/identifiers/identifier_list.hpp"
#include "core/retrieval/retriever.hpp"

namespace pmatch {

/// A query asks with its columns that the list has, or with its text if that may be an identifier.
class ExactRetriever : public Retriever {
public:
    explicit ExactRetriever(IdentifierList list) : list_(std::move(list)) {}

    std::unique_ptr<PreparedQueries> prepare(std::span<const Query* const> queries, QueryPart part,
                                             const Asking& asking) const override;
    bool exact() const override { return true; }
    bool leaves_ties() const override { return true; }
    std::int64_t count() const override { return list_.info().entries; }

private:
    class Found;

    std::vector<Neighbour> find(const Query& query) const;

    IdentifierList list_;
};

}  // namespace pmatch
