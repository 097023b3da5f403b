/// A list of a recipe with its prepared queries, retrieved in blocks.
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
    const Retriever* retriever = nullptr;  ///< nullptr if no query has an input for the list
    std::unique_ptr<PreparedQueries> queries;
    std::unordered_map<std::size_t, std::size_t> places;  ///< query index → place in `queries`
};

struct PlacedResult {
    std::size_t at = 0;  ///< place in the block
    RetrievedList result;
};

/// Prepares those of queries[which] that have an input for `spec`; opens the list if there are any.
/// `queries` and `asking` must outlive the result.
PreparedList prepare_list(const ListSpec& spec, const std::vector<Query>& queries,
                          std::span<const std::size_t> which,
                          const std::function<const Retriever&()>& open, const Asking& asking);

/// For each query of the block (query indexes) that was prepared.
std::vector<PlacedResult> retrieve_block(const PreparedList& list,
                                         std::span<const std::size_t> block,
                                         const RetrievalRequest& request);

}  // namespace pmatch
