#include "data/items/column_summary.hpp"

#include <fmt/format.h>

#include "core/text/escape.hpp"
#include "data/items/items_database.hpp"
#include "data/items/sqlite.hpp"

namespace pmatch {
namespace {

std::optional<std::pair<double, double>> range_of(const sqlite::Database& items,
                                                  const std::string& column) {
    auto statement = items.prepare(fmt::format("SELECT MIN({0}), MAX({0}) FROM items", column));
    if (!statement.step() || statement.is_null(0)) return std::nullopt;
    return std::pair(statement.real(0), statement.real(1));
}

/// Empty if most values stand once: a filter by them would find single items.
std::vector<std::pair<std::string, std::int64_t>> frequent_values(const sqlite::Database& items,
                                                                  const std::string& column,
                                                                  std::size_t most) {
    auto counts = items.prepare(
        fmt::format("SELECT COUNT({0}), COUNT(DISTINCT {0}) FROM items WHERE {0} <> ''", column));
    constexpr std::int64_t kOnAverage = 2;
    if (!counts.step() || counts.integer(1) < 2) return {};
    if (counts.integer(0) < kOnAverage * counts.integer(1)) return {};
    auto statement = items.prepare(
        fmt::format("SELECT {0}, COUNT(*) AS n FROM items WHERE {0} <> '' GROUP BY {0} "
                    "ORDER BY n DESC, {0} LIMIT {1}",
                    column, most));
    std::vector<std::pair<std::string, std::int64_t>> values;
    while (statement.step())
        values.emplace_back(statement.text(0), statement.integer(1));
    return values;
}

}  // namespace

std::vector<ColumnSummary> summarise_columns(const Collection& collection, std::size_t most) {
    const auto& record = collection.manifest().items;
    const auto items = collection.files()->read(record.file, open_items);
    std::vector<ColumnSummary> summaries;
    for (const auto& field : record.fields) {
        ColumnSummary summary{field.name, field.column};
        const auto& numbers = field.number ? field.column : field.number_column;
        if (!numbers.empty() && !field.identifier) {
            summary.range = range_of(items, sql_name(numbers));
        } else {
            summary.values = frequent_values(items, sql_name(field.column), most);
        }
        if (summary.range || !summary.values.empty()) summaries.push_back(std::move(summary));
    }
    return summaries;
}

}  // namespace pmatch
