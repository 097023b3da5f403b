/// Vectors of queries: embedded, or looked up for queries that are items.
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

/// In query order; a query with several pictures has several vectors.
struct QueryVectors {
    std::size_t dim = 0;
    std::vector<std::size_t> owners;  ///< query index of each vector, ascending
    std::vector<float> values;        ///< row-major
    std::vector<Problem> problems;    ///< by query; the last one if there are several
};

/// An embedding job for one space.
struct EmbeddingTask {
    std::span<const Query* const> queries;
    QueryPart part = QueryPart::kText;
    Source source;  ///< the space's source
};

/// Prepares inputs on the calling thread, or on several if there are many; mixed inputs
/// (Query::mixed) change the vectors, which are normalised again if the space's are. Throws
/// Cancelled.
QueryVectors embed_queries(const EmbeddingTask& task, SharedEncoder& encoder,
                           const PictureReader& reader, const Asking& asking);

/// All queries must have a row.
QueryVectors vectors_of_items(std::span<const Query* const> queries, const SpaceVectors& known);

}  // namespace pmatch
