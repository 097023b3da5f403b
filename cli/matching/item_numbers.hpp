/// The items of one side of a match by number: numbers ascend with the bytes of the ids, which is
/// pmatch's order of equal scores.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/matching/pair_table.hpp"
#include "data/items/items.hpp"

namespace pmatch {

class ItemNumbering {
public:
    /// The items of a collection.
    explicit ItemNumbering(const Items& items);
    /// Queries of a file, by their ids in ascending bytes.
    explicit ItemNumbering(std::vector<std::string> ids) : ids_(std::move(ids)) {}

    /// Of a collection's item.
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

/// What was matched. Within one catalog `left` and `right` are the same, and the table may have a
/// pair in either direction, or in both.
struct Matched {
    const PairTable& table;
    const ItemNumbering& left;
    const ItemNumbering& right;
    bool alone = false;  ///< one catalog
};

}  // namespace pmatch
