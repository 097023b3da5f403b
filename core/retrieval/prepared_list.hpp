/// A list of a recipe and the queries that it is asked, a block of them at a time.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "core/ranking/recipe.hpp"
#include "core/retrieval/retriever.hpp"

namespace pmatch {

struct PreparedList {
    const Retriever* retriever = nullptr;  ///< none when no query has what the list compares
    std::unique_ptr<PreparedQueries> queries;
    std::unordered_map<std::size_t, std::size_t> places;  ///< query's number → place in `queries`
};

struct PlacedResult {
    std::size_t at = 0;  ///< place in the block
    RetrievedList result;
};

/// Prepares those of queries[which] that have what `spec` compares; opens the list if there are
/// any. `queries` and `asking` must outlive the result.
PreparedList prepare_list(const ListSpec& spec, const std::vector<Query>& queries,
                          std::span<const std::size_t> which,
                          const std::function<const Retriever&()>& open, const Asking& asking);

/// For each query of the block (numbers of queries) that was prepared.
std::vector<PlacedResult> retrieve_block(const PreparedList& list,
                                         std::span<const std::size_t> block,
                                         const RetrievalRequest& request);

}  // namespace pmatch
