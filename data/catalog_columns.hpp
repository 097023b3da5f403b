/// What the items table's columns are called and which hold numbers.
#pragma once

#include <string>
#include <vector>

#include "data/catalog.hpp"
#include "data/manifest.hpp"

namespace pmatch {

/// Column names for fields: the field's name, with "_2", "_3", … where it would clash with
/// another one or with a column of ours (SQL compares without case).
std::vector<FieldRecord> name_columns(const std::vector<std::string>& fields);

/// Reads the whole catalog once. A column is a number column when it has cells and all that are
/// not empty are numbers.
std::vector<FieldRecord> learn_columns(CatalogReader& catalog);

}  // namespace pmatch
