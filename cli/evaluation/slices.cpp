#include "cli/evaluation/slices.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/common/error.hpp"
#include "core/text/did_you_mean.hpp"
#include "data/formats/table_header.hpp"

namespace pmatch {
namespace {

bool has(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

Slices::Slices(const std::vector<std::string>& fields,
               const std::vector<std::string>& query_columns, const Items* items,
               const std::vector<std::string>& item_fields, const Truth& truth)
    : items_(items), truth_(truth) {
    for (const auto& name : fields) {
        Field field{name, name, false, {}};
        bool found = false;
        if (name.starts_with("query.") && has(query_columns, name.substr(6))) {
            field.column = name.substr(6);
            found = true;
        } else if (name.starts_with("item.") && has(item_fields, name.substr(5))) {
            field.column = name.substr(5);
            field.of_item = found = true;
        } else {
            found = has(query_columns, name);
            field.of_item = !found && has(item_fields, name);
            found = found || field.of_item;
        }
        if (!found) {
            auto names = query_columns;
            names.insert(names.end(), item_fields.begin(), item_fields.end());
            throw UsageError{
                fmt::format("there is no field '{}' to part the queries by; the query file has {}, "
                            "the items have {}{}",
                            name, query_columns.empty() ? "none" : quoted_list(query_columns),
                            item_fields.empty() ? "none" : quoted_list(item_fields),
                            did_you_mean(name, names)),
                "name a column of the query file, or item.FIELD of the first true item; with --run "
                "give --queries FILE, too"};
        }
        fields_.push_back(std::move(field));
    }
}

std::string Slices::item_value(const std::string& id, const std::string& field) const {
    const auto found = truth_.find(id);
    if (found == truth_.end()) return {};
    for (const auto& [item, grade] : found->second) {
        if (!(grade > 0)) continue;
        const auto row = items_->row_of(item);
        if (!row) return {};
        for (auto& [name, cell] : items_->fields_of(*row)) {
            if (name == field) return cell;
        }
        break;
    }
    return {};
}

void Slices::add(const std::string& id, const Query* query) {
    for (auto& field : fields_) {
        std::string value;
        if (field.of_item) {
            value = item_value(id, field.column);
        } else if (query != nullptr) {
            const auto cell = query->fields.find(field.column);
            if (cell != query->fields.end()) value = cell->second;
        }
        field.queries[value].push_back(rows_);
        if (field.queries.size() > kMostSlices) {
            throw Error{fmt::format("--by {} makes more than {} slices", field.name, kMostSlices),
                        {},
                        "part the queries by a field with fewer values; --per-query FILE has every "
                        "query"};
        }
    }
    ++rows_;
}

std::vector<std::pair<SliceName, QueryNumbers>> Slices::slices() const {
    std::vector<std::pair<SliceName, QueryNumbers>> all;
    for (const auto& field : fields_) {
        for (const auto& [value, queries] : field.queries)
            all.push_back({{field.name, value}, queries});
    }
    return all;
}

}  // namespace pmatch
