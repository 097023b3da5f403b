/// The statements that pmatch sends to PostgreSQL. Tables are named in full; pgvector's types and
/// operators are found by the session's search_path.
#pragma once

#include <string>
#include <string_view>

#include "data/engines/vector_wire.hpp"

namespace pmatch {

struct HnswOptions {
    int m = 16;                ///< neighbours of a vector
    int ef_construction = 64;  ///< candidates while it is built
};

/// Creates the schema `pmatch` and its table of spaces, where they are not there.
std::string sql_of_schema();

/// Statements about the vectors of one space of one collection.
class SpaceSql {
public:
    /// Throws UsageError where the names together are too long for a table's.
    SpaceSql(std::string_view collection, std::string_view space, int dim, VectorElement element);

    const std::string& table() const { return table_; }  ///< quoted, with its schema

    std::string create() const;
    std::string drop() const;
    std::string keys(std::string_view where) const;  ///< of all rows in order, to be read by COPY
    std::string copy() const;                        ///< into the table itself
    /// Into a table of the transaction, and from there into the table.
    std::string create_staging() const;
    std::string copy_staging() const;
    std::string upsert() const;
    std::string remove() const;  ///< $1 rows, $2 ordinals, $3 contents, as arrays
    std::string add_key() const;

    /// Whether pgvector can index vectors of this size: halfvec to 4,000 values, vector to 2,000.
    bool indexable() const;
    std::string create_index(const HnswOptions& options) const;
    std::string drop_index() const;
    std::string index_options() const;  ///< asks for reloptions of the index: no row without it

    /// $1 the query, $2 how many: row, ordinal, negative inner product, nearest first.
    std::string nearest() const;
    std::string nearest_exact() const;      ///< the same without an index
    std::string nearest_of_rows() const;    ///< the same among the rows $3
    std::string distances() const;          ///< $1 the query: of all vectors, in any order
    std::string distances_of_rows() const;  ///< the same of the rows $2
    /// Some vectors, the same ones each time.
    std::string sample(double percent, int count) const;

private:
    std::string scored(std::string_view where) const;

    std::string table_;
    std::string index_;  ///< quoted, without schema
    std::string key_;
    std::string type_;  ///< "halfvec"
    int dim_;
    VectorElement element_;
};

/// As an identifier: "shop.text" with its quotes.
std::string quoted_name(std::string_view name);

}  // namespace pmatch
