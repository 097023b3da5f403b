#include "data/formats/group_file.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <set>
#include <utility>

#include "core/common/error.hpp"
#include "core/text/utf8.hpp"
#include "data/formats/input_file.hpp"
#include "data/formats/table_format.hpp"
#include "data/formats/table_reader.hpp"

namespace pmatch {
namespace {

constexpr const char* kFix = "give a file that `pmatch match --format csv` wrote: group,item,…";

std::optional<std::int64_t> group_number(const std::string& cell) {
    std::int64_t number = 0;
    const auto* const end = cell.data() + cell.size();
    const auto read = std::from_chars(cell.data(), end, number);
    if (read.ec != std::errc() || read.ptr != end || number < 1) return std::nullopt;
    return number;
}

}  // namespace

std::map<std::int64_t, std::vector<std::string>> read_groups(const std::filesystem::path& file) {
    const auto input = open_input(file);
    TableReader table(*input, separator_of(file), file.string());
    const auto need = [&](const char* name) {
        const auto column = table.find(name);
        if (column) return *column;
        throw Error{fmt::format("there is no column '{}'; the columns are {}", name,
                                quoted_list(table.columns())),
                    file.string(), kFix};
    };
    const auto group = need("group");
    const auto item = need("item");
    std::map<std::int64_t, std::vector<std::string>> groups;
    std::set<std::string> seen;
    const auto fail = [&](const CsvRow& row, const std::string& what) {
        throw Error{fmt::format("line {}: {}", row.line, what), file.string(), kFix};
    };
    for (CsvRow row; table.next(row);) {
        if (!row.problem.code.empty()) fail(row, row.problem.detail);
        const auto number = group_number(row.cells[group]);
        if (!number) {
            fail(row, fmt::format("the group '{}' is no number from 1",
                                  utf8::printable(row.cells[group])));
        }
        if (!seen.insert(row.cells[item]).second) {
            fail(row, fmt::format("the item '{}' comes twice", utf8::printable(row.cells[item])));
        }
        groups[*number].push_back(std::move(row.cells[item]));
    }
    return groups;
}

}  // namespace pmatch
