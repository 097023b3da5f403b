/// Retrieves items by the vectors of a space.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/index/live_index.hpp"
#include "core/retrieval/all_pairs_lists.hpp"
#include "core/retrieval/lazy.hpp"
#include "core/retrieval/query_vectors.hpp"
#include "core/retrieval/retriever.hpp"

namespace pmatch {

/// A vector space and how to search it. Pointers and references must outlive the retriever.
struct VectorSpace {
    std::string name;
    Source source;
    LiveIndex index;
    const PictureReader& reader;
    /// Loads the encoder, called for the first query without a stored vector.
    std::function<SharedEncoder&(const Execution&)> encoder;
    StoredQueryVectors* known = nullptr;  ///< vectors of queries that are items; may be nullptr
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
    class Embedded;
    class OfItems;
    std::unique_ptr<PreparedQueries> embedded(std::span<const Query* const> queries, QueryPart part,
                                              bool known, const Asking& asking) const;
    bool are_known(std::span<const Query* const> queries, QueryPart part) const;
    std::shared_ptr<const LiveFilter> filter_for(const std::shared_ptr<const RowSet>& rows) const;

    VectorSpace space_;
    mutable RecentMap<std::shared_ptr<const RowSet>, LiveFilter> filters_;
    mutable AllPairsLists all_pairs_;
};

}  // namespace pmatch
