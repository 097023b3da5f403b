/// Retrieves items by the vectors of a space that an engine holds.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "core/retrieval/embedded_queries.hpp"
#include "data/engines/engine_search.hpp"

namespace pmatch {

/// Queries are embedded here; the engine sees vectors alone.
class EngineRetriever : public Retriever {
public:
    EngineRetriever(QueryEmbedding space, EngineTable table)
        : space_(std::move(space)), search_(std::move(table)) {}

    std::unique_ptr<PreparedQueries> prepare(std::span<const Query* const> queries, QueryPart part,
                                             const Asking& asking) const override;
    bool exact() const override { return false; }
    bool leaves_ties() const override { return true; }
    std::int64_t count() const override { return search_.vectors(); }

private:
    QueryEmbedding space_;
    EngineSearch search_;
};

}  // namespace pmatch
