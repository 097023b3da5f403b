#include "data/formats/table_header.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "core/common/error.hpp"
#include "core/text/ascii.hpp"
#include "core/text/utf8.hpp"
#include "data/formats/byte_order_mark.hpp"
#include "data/formats/other_format.hpp"

namespace pmatch {
namespace {

constexpr std::string_view kSeparators = ";\t|,";

void check_is_header(const CsvRow& row, const std::string& input) {
    if (!row.cells.empty()) check_is_no_other_format(row.cells.front(), input);
    if (!row.problem.code.empty()) {
        throw Error{"the header cannot be read: " + row.problem.detail, input,
                    "name the columns in the first line"};
    }
    if (row.cell_count > kMaxColumns) {
        throw Error{fmt::format("the header has {} columns, at most {} are read", row.cell_count,
                                kMaxColumns),
                    input, "check the separator: comma in .csv, tab in .tsv, or --delimiter"};
    }
    for (const std::string& name : row.cells) {
        check_not_utf16(name, input);
        if (utf8::is_clean(name)) continue;
        throw Error{fmt::format("the column name '{}' is not UTF-8", utf8::printable(name)), input,
                    "give the file's encoding, e.g. --encoding windows-1252, or write it in UTF-8"};
    }
}

/// Whether every name but the first has a blank in front.
bool has_blanks_in_front(const std::vector<std::string>& names) {
    return names.size() > 1 &&
           std::all_of(names.begin() + 1, names.end(),
                       [](const std::string& name) { return name.starts_with(' '); });
}

/// A name that the parser, which did not know of the blank in front, left in quotes.
std::string_view unquoted(std::string_view name) {
    const bool quoted = name.size() >= 2 && name.front() == '"' && name.back() == '"';
    return quoted ? name.substr(1, name.size() - 2) : name;
}

/// Makes names for columns that have none of their own.
class ColumnNames {
public:
    explicit ColumnNames(const std::vector<std::string>& names)
        : names_(names), taken_(names.begin(), names.end()) {}

    std::vector<std::string> distinct(std::vector<std::string>& remarks) {
        for (std::size_t i = 0; i < names_.size(); ++i) {
            const auto [first, is_new] = first_.emplace(names_[i], i);
            if (names_[i].empty()) {
                name_empty(i);
            } else if (!is_new) {
                name_repeated(i, first->second, remarks);
            }
        }
        if (!unnamed_.empty()) {
            remarks.push_back(
                fmt::format("columns without a name are read as {}", quoted_list(unnamed_)));
        }
        return names_;
    }

private:
    void name_empty(std::size_t i) {
        names_[i] = unused(fmt::format("column_{}", i + 1));
        unnamed_.push_back(names_[i]);
    }
    void name_repeated(std::size_t i, std::size_t first, std::vector<std::string>& remarks) {
        const auto name = names_[i];
        for (int number = 2; !taken_.insert(names_[i]).second; ++number)
            names_[i] = fmt::format("{}_{}", name, number);
        remarks.push_back(
            fmt::format("columns {} and {} are both called '{}': the second is read "
                        "as '{}'",
                        first + 1, i + 1, name, names_[i]));
    }
    std::string unused(std::string name) {
        while (!taken_.insert(name).second)
            name += '_';
        return name;
    }

    std::vector<std::string> names_;
    std::unordered_set<std::string> taken_;
    std::unordered_map<std::string, std::size_t> first_;
    std::vector<std::string> unnamed_;
};

bool same_letters(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return ascii::lower(x) == ascii::lower(y); });
}

}  // namespace

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

TableHeader read_header(const CsvRow& row, const std::string& input) {
    check_is_header(row, input);
    TableHeader header;
    header.blanks_in_front = has_blanks_in_front(row.cells);
    for (const std::string& cell : row.cells) {
        const auto name = trimmed(cell);
        header.written.emplace_back(header.blanks_in_front ? unquoted(name) : name);
        if (!name.empty()) header.least_cells = header.written.size();
    }
    header.columns = ColumnNames(header.written).distinct(header.remarks);
    return header;
}

std::optional<std::size_t> find_column(const std::vector<std::string>& columns,
                                       std::string_view name) {
    const auto exact = std::find(columns.begin(), columns.end(), name);
    if (exact != columns.end()) return static_cast<std::size_t>(exact - columns.begin());
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (!same_letters(trimmed(columns[i]), trimmed(name))) continue;
        if (found) return std::nullopt;
        found = i;
    }
    return found;
}

std::string separator_hint(const std::vector<std::string>& columns) {
    std::size_t most = columns.size() - 1;  // as many as there were of the one it was read with
    char likely = '\0';
    for (const char separator : kSeparators) {
        std::size_t count = 0;
        for (const std::string& name : columns)
            count += static_cast<std::size_t>(std::count(name.begin(), name.end(), separator));
        if (count <= most) continue;
        most = count;
        likely = separator;
    }
    if (likely == '\0') return {};
    const auto shown = likely == '\t' ? std::string("tab") : fmt::format("'{}'", likely);
    return fmt::format("the columns seem to be separated by {0}: give --delimiter {0}", shown);
}

std::string quoted_list(const std::vector<std::string>& names) {
    return fmt::format("'{}'", fmt::join(names, "', '"));
}

}  // namespace pmatch
