/// What the items table's columns are called and which hold numbers.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "data/catalog/catalog.hpp"
#include "data/collection/manifest.hpp"

namespace pmatch {

/// Column names for fields: the field's name, with "_2", "_3", … where it would clash with
/// another one or with a column of ours (SQL compares without case).
std::vector<FieldRecord> name_columns(const std::vector<std::string>& fields);

/// Learns which columns hold numbers: those that have cells, all of which, but for empty ones, are
/// numbers.
class ColumnLearner {
public:
    explicit ColumnLearner(const std::vector<std::string>& fields);
    /// Cells beyond the columns are not looked at.
    void observe(const std::vector<std::string>& cells);
    std::vector<FieldRecord> columns() const;

private:
    std::vector<FieldRecord> records_;
    std::vector<bool> filled_;
    std::vector<bool> numbers_;
};

/// Where a catalog's columns are among those of the collection.
struct MergedColumns {
    std::vector<std::string> fields;    ///< the former ones, then what the catalog has beyond them
    std::vector<std::size_t> place_of;  ///< by the catalog's column
    std::vector<std::string> absent;    ///< former ones that the catalog lacks
};
MergedColumns merge_columns(const std::vector<FieldRecord>& former,
                            const std::vector<std::string>& fields);

}  // namespace pmatch
