/// Queries of a space as vectors, whoever then searches for them.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/retrieval/query_vectors.hpp"
#include "core/retrieval/retriever.hpp"

namespace pmatch {

/// How the queries of a space get their vectors. Pointers and references must outlive it.
struct QueryEmbedding {
    std::string name;  ///< of the space
    Source source;
    const PictureReader& reader;
    /// Loads the encoder, called for the first query without a stored vector.
    std::function<SharedEncoder&(const Execution&)> encoder;
    StoredQueryVectors* known = nullptr;  ///< vectors of queries that are items; may be nullptr

    /// Only an item's own picture or text has a stored vector; a text in a picture space has none.
    bool are_known(std::span<const Query* const> queries, QueryPart part) const;
};

/// The nearest items of `count` vectors, row-major: a list for each.
using VectorSearch = std::function<std::vector<std::vector<Neighbour>>(
    std::span<const float> vectors, std::size_t count, const RetrievalRequest& request)>;

/// Embeds the queries, or takes their stored vectors if they are known. A query with several
/// pictures has several vectors, and of their lists each item's best. `space` and `asking` must
/// outlive the result.
std::unique_ptr<PreparedQueries> embedded_queries(const QueryEmbedding& space,
                                                  std::span<const Query* const> queries,
                                                  QueryPart part, const Asking& asking,
                                                  VectorSearch search);

}  // namespace pmatch
