/// Retrieves items by the vectors of a space.
#pragma once

#include <memory>

#include "core/index/live_index.hpp"
#include "core/retrieval/all_pairs_lists.hpp"
#include "core/retrieval/embedded_queries.hpp"
#include "core/retrieval/lazy.hpp"

namespace pmatch {

/// A vector space and how to search it.
struct VectorSpace {
    QueryEmbedding queries;
    LiveIndex index;
};

class VectorRetriever : public Retriever {
public:
    explicit VectorRetriever(VectorSpace space);

    std::unique_ptr<PreparedQueries> prepare(std::span<const Query* const> queries, QueryPart part,
                                             const Asking& asking) const override;
    bool exact() const override { return space_.index.exact(); }
    bool leaves_ties() const override { return true; }
    std::int64_t count() const override { return space_.index.count(); }

private:
    class OfItems;
    std::unique_ptr<PreparedQueries> embedded(std::span<const Query* const> queries, QueryPart part,
                                              const Asking& asking) const;
    std::shared_ptr<const LiveFilter> filter_for(const std::shared_ptr<const RowSet>& rows) const;

    VectorSpace space_;
    mutable RecentMap<std::shared_ptr<const RowSet>, LiveFilter> filters_;
    mutable AllPairsLists all_pairs_;
};

}  // namespace pmatch
