/// Queries as vectors of a space: embedded, or known because the queries are items.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/encoders/picture_reader.hpp"
#include "core/retrieval/query.hpp"
#include "core/retrieval/retriever.hpp"
#include "core/retrieval/shared_encoder.hpp"
#include "core/retrieval/stored_vectors.hpp"

namespace pmatch {

/// By query, in their order; a query of several pictures has several vectors.
struct QueryVectors {
    std::size_t dim = 0;
    std::vector<std::size_t> owners;  ///< of each vector its query's number, ascending
    std::vector<float> values;        ///< row-major
    std::vector<Problem> problems;    ///< by query; of several the last
};

/// What is asked of an encoder for one space.
struct EmbeddingTask {
    std::span<const Query* const> queries;
    QueryPart part = QueryPart::kText;
    Source source;  ///< of the space
};

/// Prepares on the calling thread, or on the process's threads where there is much; what is mixed
/// into a query (Query::mixed) changes its vectors, which get unit length again if the space's have
/// it. Throws Cancelled.
QueryVectors embed_queries(const EmbeddingTask& task, SharedEncoder& encoder,
                           const PictureReader& reader, const Asking& asking);

/// All queries have a row.
QueryVectors vectors_of_items(std::span<const Query* const> queries, const SpaceVectors& known);

}  // namespace pmatch
