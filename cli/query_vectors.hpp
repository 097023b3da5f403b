/// Queries as vectors of a space: embedded, or known because the queries are items.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/known_vectors.hpp"
#include "cli/query_feed.hpp"
#include "core/encoder.hpp"
#include "core/recipe.hpp"
#include "core/work.hpp"

namespace pmatch::cli {

/// `row` of a key is the query's number; a query of several pictures has several vectors.
struct QueryVectors {
    std::vector<VectorKey> keys;
    std::vector<float> values;  ///< row-major
    std::vector<SkippedInput> problems;
};

/// `source` is that of the space.
QueryVectors embed_queries(std::span<const Query* const> queries, QueryPart part,
                           const std::string& source, Encoder& encoder, int threads);

/// Why an item is not compared.
inline Problem no_vector() {
    return {"no_vector", "it could not be embedded, or not yet (see `pmatch ledger`)"};
}

/// All queries have a row.
QueryVectors vectors_of_items(std::span<const Query* const> queries, const SpaceVectors& known);

}  // namespace pmatch::cli
