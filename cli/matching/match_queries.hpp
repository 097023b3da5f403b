/// Iterates over the left side of a match: the items of a collection or the queries of a file, in
/// blocks.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "cli/engine/query_file_reader.hpp"
#include "core/common/row_bitmap.hpp"
#include "data/collection/collection.hpp"

namespace pmatch {

/// The next queries, at most `limit`; none at the end.
using MatchQueries = std::function<std::vector<Query>(std::size_t limit)>;

/// Items as queries in ascending order of rows; restricted to `allowed`, if given.
MatchQueries feed_of_items(const Collection& collection, const std::optional<RowSet>& allowed);

/// `mapping` is that of the searched collection.
MatchQueries feed_of_file(const QueryFileOptions& options, const FieldMapping& mapping);

}  // namespace pmatch
