/// What the columns of a collection hold, for those who choose among their values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "data/collection/collection.hpp"

namespace pmatch {

struct ColumnSummary {
    std::string name;    ///< as in the catalog
    std::string column;  ///< as in conditions, see rows_where()
    /// Least and most of a column of numbers.
    std::optional<std::pair<double, double>> range = {};
    /// Of a column of texts: values with their number of items, the most frequent first, of equal
    /// ones in byte order.
    std::vector<std::pair<std::string, std::int64_t>> values = {};
};

/// In the catalog's order: columns with numbers, and columns of texts in which a value stands twice
/// on the average, with at most `most` of their values. Reads all items once a column.
std::vector<ColumnSummary> summarise_columns(const Collection& collection, std::size_t most = 30);

}  // namespace pmatch
