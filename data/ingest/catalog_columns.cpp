#include "data/ingest/catalog_columns.hpp"

#include <fmt/format.h>

#include <set>

#include "core/common/error.hpp"
#include "data/formats/parse_number.hpp"

namespace pmatch {
namespace {

/// SQLite's limit is 2,000 columns, a few of which are built in.
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

ColumnLearner::ColumnLearner(const std::vector<std::string>& fields)
    : records_(name_columns(fields)),
      filled_(records_.size(), false),
      numbers_(records_.size(), true) {}

void ColumnLearner::observe(const std::vector<std::string>& cells) {
    for (std::size_t i = 0; i < records_.size() && i < cells.size(); ++i) {
        const auto& cell = cells[i];
        if (cell.empty() || !numbers_[i]) continue;
        filled_[i] = true;
        numbers_[i] = parse_number(cell).has_value();
    }
}

std::vector<FieldRecord> ColumnLearner::columns() const {
    auto records = records_;
    for (std::size_t i = 0; i < records.size(); ++i)
        records[i].number = filled_[i] && numbers_[i];
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
