#include "data/indexes/identifier_record.hpp"

#include <algorithm>

#include "data/indexes/lexical_record.hpp"

namespace pmatch {

std::string identifier_stamp(const Items& items, const std::vector<std::string>& columns) {
    std::string stamps;
    for (const auto& column : columns)
        stamps += column + '\0' + text_stamp(items, Source::parse(column));
    return hash128(stamps).hex();
}

void add_identifiers(const Items& items, const std::vector<std::string>& columns,
                     IdentifierListBuilder& builder) {
    for (std::size_t column = 0; column < columns.size(); ++column) {
        auto cursor = items.inputs(Source::parse(columns[column]));
        while (cursor.next())
            builder.add(cursor.key().row, column, cursor.text());
    }
}

bool is_current(const Manifest& manifest, const ExactRecord& list) {
    return list.items == manifest.items.file;
}

void keep_current_identifiers(const Collection& collection, Manifest& next) {
    if (!next.exact) return;
    auto& list = *next.exact;
    const bool whole =
        std::all_of(list.columns.begin(), list.columns.end(),
                    [&](const auto& column) { return has_source(next, Source::parse(column)); });
    if (!whole) return;
    const Items items(collection, next);
    if (identifier_stamp(items, list.columns) == list.stamp) list.items = next.items.file;
}

}  // namespace pmatch
