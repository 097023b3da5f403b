/// Ranks items by the terms of a text (BM25).
#pragma once

#include <memory>
#include <string>

#include "cli/job.hpp"
#include "cli/list_search.hpp"
#include "core/bm25.hpp"
#include "data/collection.hpp"

namespace pmatch::cli {

/// Over the texts as they are now: when they have changed since the index was built, one is made
/// for this process, and a note says so.
Bm25Index open_lexical_index(const Collection& collection, const std::string& name,
                             const Console& console);

std::unique_ptr<ListSearch> open_lexical_search(const Collection& collection,
                                                const std::string& name, Context& context);

}  // namespace pmatch::cli
