/// Slices: subsets of the queries with the same value of a field.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/engine/query_file_reader.hpp"
#include "core/metrics/quality_gate.hpp"
#include "core/metrics/score_table.hpp"
#include "core/metrics/truth.hpp"
#include "data/items/items.hpp"

namespace pmatch {

/// Fields with more values are rejected, as they do not define useful slices.
inline constexpr std::size_t kMostSlices = 1000;

class Slices {
public:
    /// `fields` as in --by: `query.NAME` is a column of the query file, `item.NAME` a field of the
    /// query's first true item (with the smallest id in byte order), NAME alone the former if the
    /// file has it, else the latter. `query_columns` is empty without a query file, `items` null
    /// and `item_fields` empty without a collection; items and truth must outlive this object.
    /// Throws UsageError for an unknown field.
    Slices(const std::vector<std::string>& fields, const std::vector<std::string>& query_columns,
           const Items* items, const std::vector<std::string>& item_fields, const Truth& truth);

    bool empty() const { return fields_.empty(); }

    /// Call once per row of the score table, in its order. `query` may be null: then its columns
    /// are empty. Throws Error if a field has more than kMostSlices values.
    void add(const std::string& id, const Query* query);

    /// Fields in the given order, values in ascending byte order; queries without a value are in
    /// the slice "".
    std::vector<std::pair<SliceName, QueryNumbers>> slices() const;

private:
    struct Field {
        std::string name;    ///< as given
        std::string column;  ///< without the prefix
        bool of_item = false;
        std::map<std::string, QueryNumbers> queries;
    };

    std::string item_value(const std::string& id, const std::string& field) const;

    std::vector<Field> fields_;
    const Items* items_;
    const Truth& truth_;
    std::uint32_t rows_ = 0;
};

}  // namespace pmatch
