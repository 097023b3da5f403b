/// Evaluates a user's filter condition on the items.
#pragma once

#include <chrono>
#include <string>

#include "core/engine/filtered_rows.hpp"
#include "data/collection/collection.hpp"

namespace pmatch {

/// Rows of the items for which `condition`, an SQL expression over their fields, is true: "price <
/// 50 and colour = 'red'". SQLite evaluates it under an authorizer that allows only reading the
/// fields of this table and deterministic functions without side effects; text in double quotes is
/// a field's name, never a string. Fields that are text and number are read as what they are
/// compared with, see condition_reading.hpp; a warning counts the cells without a number. Throws
/// UsageError, listing the fields, for anything else, and if it takes longer than `limit`.
FilteredRows rows_where(const Collection& collection, const std::string& condition,
                        std::chrono::milliseconds limit = std::chrono::seconds(10));

}  // namespace pmatch
