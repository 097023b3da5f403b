/// Numbers the items of one side of a match in ascending byte order of their ids, pmatch's order
/// for breaking ties.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/matching/pair_table.hpp"
#include "core/matching/runner_up.hpp"
#include "data/items/items.hpp"

namespace pmatch {

class ItemNumbering {
public:
    /// The items of a collection.
    explicit ItemNumbering(const Items& items);
    /// Queries of a file, given their ids in ascending byte order.
    explicit ItemNumbering(std::vector<std::string> ids) : ids_(std::move(ids)) {}

    /// The number of a collection's item.
    std::uint32_t number_of(std::int64_t row) const {
        return numbers_[static_cast<std::size_t>(row)];
    }
    std::int64_t row_of(std::uint32_t number) const { return rows_[number]; }

    std::optional<std::uint32_t> find(std::string_view id) const;
    const std::string& id_of(std::uint32_t number) const { return ids_[number]; }

private:
    std::vector<std::string> ids_;        ///< by number
    std::vector<std::int64_t> rows_;      ///< by number, of a collection
    std::vector<std::uint32_t> numbers_;  ///< by row, of a collection
};

/// The candidate pairs and items of a match. Within one catalog `left` and `right` are the same,
/// and the table may contain a pair in either direction, or in both.
struct Matched {
    const PairTable& table;
    const ItemNumbering& left;
    const ItemNumbering& right;
    bool alone = false;  ///< within one catalog
    const RunnersUp& runners_up;
    /// Pairs that score less are for people to review.
    std::optional<float> sure = {};
};

}  // namespace pmatch
