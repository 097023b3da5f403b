#include "data/ingest/catalog_columns.hpp"

#include <fmt/format.h>

#include <set>

#include "core/common/error.hpp"
#include "core/text/ascii.hpp"

namespace pmatch {
namespace {

/// SQLite's limit is 2,000 columns, a few of which are built in.
constexpr std::size_t kMaxFields = 1'900;
constexpr std::size_t kMaxColumns = 1'980;  ///< of fields and of their numbers

using ascii::lowercase;

std::set<std::string> built_in_columns() {
    return {"row", "id", "text", "text_hash", "written", "content_hash", "rowid", "oid", "_rowid_"};
}

/// `base`, with a number behind it if it is taken. SQL ignores case.
std::string free_name(const std::string& base, std::set<std::string>& taken) {
    auto column = base;
    for (int number = 2; !taken.insert(lowercase(column)).second; ++number)
        column = fmt::format("{}_{}", base, number);
    return column;
}

}  // namespace

std::vector<FieldRecord> name_columns(const std::vector<std::string>& fields) {
    if (fields.size() > kMaxFields) {
        throw Error{fmt::format("the catalog has {} columns, at most {} are taken", fields.size(),
                                kMaxFields),
                    {},
                    "leave out some columns"};
    }
    auto taken = built_in_columns();
    std::vector<FieldRecord> records;
    for (const auto& field : fields) {
        if (field.find('\0') != std::string::npos) {
            throw Error{"a column's name holds a NUL character", {}, "rename the column"};
        }
        const auto base = field.empty() ? std::string("column") : field;
        records.push_back({field, free_name(base, taken), false});
    }
    return records;
}

ColumnLearner::ColumnLearner(const std::vector<std::string>& fields)
    : records_(name_columns(fields)), types_(records_.size()) {}

void ColumnLearner::observe(const std::vector<std::string>& cells) {
    for (std::size_t i = 0; i < records_.size() && i < cells.size(); ++i)
        types_[i].observe(cells[i]);
}

std::vector<FieldRecord> ColumnLearner::columns() const {
    auto records = records_;
    auto taken = built_in_columns();
    for (const auto& record : records)
        taken.insert(lowercase(record.column));
    std::size_t columns = records.size();
    for (std::size_t i = 0; i < records.size(); ++i) {
        auto& record = records[i];
        const auto type = types_[i].type();
        record.number = type == ColumnType::kNumber;
        if (type != ColumnType::kTextAndNumber && type != ColumnType::kIdentifier) continue;
        if (columns == kMaxColumns) continue;
        ++columns;
        record.number_column = free_name(record.column + "_number", taken);
        record.identifier = type == ColumnType::kIdentifier;
        record.decimal_comma = types_[i].mark() == DecimalMark::kComma;
        record.unfit = types_[i].unfit();
    }
    return records;
}

MergedColumns merge_columns(const std::vector<FieldRecord>& former,
                            const std::vector<std::string>& fields) {
    MergedColumns merged;
    std::vector<bool> taken(former.size(), false);
    for (const auto& field : former)
        merged.fields.push_back(field.name);
    for (const auto& name : fields) {
        std::size_t place = 0;
        while (place < former.size() && (taken[place] || former[place].name != name))
            ++place;
        if (place < former.size()) {
            taken[place] = true;
        } else {
            place = merged.fields.size();
            merged.fields.push_back(name);
        }
        merged.place_of.push_back(place);
    }
    for (std::size_t i = 0; i < former.size(); ++i) {
        if (!taken[i]) merged.absent.push_back(former[i].name);
    }
    return merged;
}

}  // namespace pmatch
