#include "cli/matching/variant_pairs.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace pmatch {
namespace {

constexpr std::size_t kMostMet = 200'000;  // about 400 bytes each
constexpr auto kTitles = std::to_array<std::string_view>({"title", "name"});

std::string title_column_of(const ItemsRecord& items) {
    for (const auto title : kTitles) {
        const bool known = std::any_of(items.fields.begin(), items.fields.end(),
                                       [&](const auto& field) { return field.name == title; });
        if (known) return std::string(title);
    }
    return items.mapping.text.empty() ? std::string() : items.mapping.text.front();
}

}  // namespace

VariantPairs::VariantPairs(const Collection& collection, const Items& items,
                           const ItemNumbering& numbers)
    : items_(items),
      numbers_(numbers),
      title_column_(title_column_of(collection.manifest().items)) {}

VariantAttributes VariantPairs::read(std::uint32_t item) const {
    std::string title;
    std::vector<std::pair<std::string, std::string>> columns;
    for (auto& [name, cell] : items_.fields_of(numbers_.row_of(item))) {
        if (name == title_column_) {
            title = std::move(cell);
        } else if (!cell.empty() && is_variant_column(name)) {
            columns.emplace_back(std::move(name), std::move(cell));
        }
    }
    return variant_attributes(title, columns);
}

/// Valid until the next call but one: the cache is emptied only between two pairs.
const VariantAttributes& VariantPairs::of(std::uint32_t item) {
    const auto [entry, is_new] = met_.try_emplace(item);
    if (is_new) entry->second = read(item);
    return entry->second;
}

std::vector<ScoredPair> VariantPairs::take_from(PairTable& table, float at_least) {
    const auto& pairs = table.pairs();
    std::vector<bool> drops(pairs.size());
    std::vector<ScoredPair> variants;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        const auto& pair = pairs[i];
        if (pair.score < at_least || pair.left == pair.right) continue;
        if (met_.size() > kMostMet) met_.clear();
        const auto& left = of(pair.left);
        if (!are_variants(left, of(pair.right))) continue;
        drops[i] = true;
        variants.push_back(pair);
    }
    table.erase(drops);
    return one_direction(variants);
}

}  // namespace pmatch
