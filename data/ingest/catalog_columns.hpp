/// Names and types of the columns of the items table.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "data/catalog/catalog.hpp"
#include "data/collection/manifest.hpp"
#include "data/ingest/column_type.hpp"

namespace pmatch {

/// Column names for fields: the field's name, with "_2", "_3", … if it clashes with another one or
/// with a built-in column (SQL ignores case).
std::vector<FieldRecord> name_columns(const std::vector<std::string>& fields);

/// Detects columns of numbers, of numbers as people write them, and of identifiers.
class ColumnLearner {
public:
    explicit ColumnLearner(const std::vector<std::string>& fields);
    /// Ignores cells beyond the columns.
    void observe(const std::vector<std::string>& cells);
    std::vector<FieldRecord> columns() const;

private:
    std::vector<FieldRecord> records_;
    std::vector<ColumnTypeLearner> types_;
};

/// Maps a catalog's columns to those of the collection.
struct MergedColumns {
    std::vector<std::string> fields;    ///< the former ones, then additional ones of the catalog
    std::vector<std::size_t> place_of;  ///< by the catalog's column
    std::vector<std::string> absent;    ///< former ones missing in the catalog
};
MergedColumns merge_columns(const std::vector<FieldRecord>& former,
                            const std::vector<std::string>& fields);

}  // namespace pmatch
