/// What is matched: the items of a collection or the queries of a file, block by block.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "cli/engine/query_file_reader.hpp"
#include "core/common/row_bitmap.hpp"
#include "data/collection/collection.hpp"

namespace pmatch {

/// The next queries, at most `limit`, none at the end.
using MatchQueries = std::function<std::vector<Query>(std::size_t limit)>;

/// Items as queries, with their rows, in ascending order of these; of `allowed`, where it is given.
MatchQueries feed_of_items(const Collection& collection, const std::optional<RowSet>& allowed);

/// `mapping` is that of the collection that is searched.
MatchQueries feed_of_file(const QueryFileOptions& options, const FieldMapping& mapping);

}  // namespace pmatch
