/// What is matched: the items of a collection or the queries of a file, block by block.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "cli/query_feed.hpp"
#include "core/row_set.hpp"
#include "data/collection.hpp"

namespace pmatch::cli {

/// The next queries, at most `limit`, none at the end.
using MatchFeed = std::function<std::vector<Query>(std::size_t limit)>;

/// Items as queries, with their rows, in ascending order of these; of `allowed`, where it is given.
MatchFeed feed_of_items(const Collection& collection, const std::optional<RowSet>& allowed);

/// `mapping` is that of the collection that is searched.
MatchFeed feed_of_file(const QueryFileOptions& options, const FieldMapping& mapping);

}  // namespace pmatch::cli
