/// Ranks items by the terms of a text (BM25).
#pragma once

#include <memory>
#include <string>

#include "cli/job.hpp"
#include "cli/list_search.hpp"
#include "core/bm25.hpp"
#include "data/collection.hpp"

namespace pmatch::cli {

/// Throws Error, with the `pmatch build-index` that mends it, when the texts have changed since
/// the index was built.
Bm25Index open_lexical_index(const Collection& collection, const std::string& name);

std::unique_ptr<ListSearch> open_lexical_search(const Collection& collection,
                                                const std::string& name, Context& context);

}  // namespace pmatch::cli
