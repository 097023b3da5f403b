/// Finds candidate pairs that are variants of one product, within one catalog.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "cli/matching/item_numbers.hpp"
#include "core/matching/pair_table.hpp"
#include "core/rerank/variant_attributes.hpp"
#include "data/collection/collection.hpp"
#include "data/items/items.hpp"

namespace pmatch {

class VariantPairs {
public:
    /// Titles are those of the column `title` or `name`, else of the first text column.
    VariantPairs(const Collection& collection, const Items& items, const ItemNumbering& numbers);

    /// Removes the variants among the pairs that score at least `at_least`, and returns them.
    std::vector<ScoredPair> take_from(PairTable& table, float at_least);

private:
    const VariantAttributes& of(std::uint32_t item);
    VariantAttributes read(std::uint32_t item) const;

    const Items& items_;
    const ItemNumbering& numbers_;
    std::string title_column_;
    std::unordered_map<std::uint32_t, VariantAttributes> met_;  ///< cache, of bounded size
};

}  // namespace pmatch
