#include "data/catalog_columns.hpp"

#include <fmt/format.h>

#include <set>

#include "core/error.hpp"
#include "data/number.hpp"

namespace pmatch {
namespace {

/// SQLite takes 2,000 columns; ours need a few.
constexpr std::size_t kMaxFields = 1'900;

std::string lower(std::string text) {
    for (auto& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return text;
}

}  // namespace

std::vector<FieldRecord> name_columns(const std::vector<std::string>& fields) {
    if (fields.size() > kMaxFields) {
        throw Error{fmt::format("the catalog has {} columns, at most {} are taken", fields.size(),
                                kMaxFields),
                    {},
                    "leave out some columns"};
    }
    std::set<std::string> taken{"row",          "id",    "text", "text_hash", "written",
                                "content_hash", "rowid", "oid",  "_rowid_"};
    std::vector<FieldRecord> records;
    for (const auto& field : fields) {
        if (field.find('\0') != std::string::npos) {
            throw Error{"a column's name holds a NUL character", {}, "rename the column"};
        }
        const auto base = field.empty() ? std::string("column") : field;
        auto column = base;
        for (int number = 2; !taken.insert(lower(column)).second; ++number) {
            column = fmt::format("{}_{}", base, number);
        }
        records.push_back({field, column, false});
    }
    return records;
}

std::vector<FieldRecord> learn_columns(CatalogReader& catalog) {
    auto records = name_columns(catalog.fields());
    std::vector<bool> filled(records.size(), false);
    std::vector<bool> numbers(records.size(), true);
    CatalogRecord record;
    while (catalog.next(record)) {
        if (!record.problem.code.empty()) continue;
        for (std::size_t i = 0; i < records.size() && i < record.cells.size(); ++i) {
            const auto& cell = record.cells[i];
            if (cell.empty() || !numbers[i]) continue;
            filled[i] = true;
            numbers[i] = parse_number(cell).has_value();
        }
    }
    for (std::size_t i = 0; i < records.size(); ++i)
        records[i].number = filled[i] && numbers[i];
    return records;
}

}  // namespace pmatch
