#include "data/formats/truth_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <istream>
#include <unordered_map>

#include "core/common/error.hpp"
#include "core/text/did_you_mean.hpp"
#include "core/text/utf8.hpp"
#include "data/formats/byte_order_mark.hpp"
#include "data/formats/input_file.hpp"
#include "data/formats/parse_number.hpp"
#include "data/formats/table_format.hpp"
#include "data/formats/table_reader.hpp"
#include "data/formats/trec_id.hpp"

namespace pmatch {

namespace {

constexpr const char* kQrelsFix = "write `query 0 item grade`, separated by blanks";

/// Collects the pairs and rejects contradictions.
class TruthBuilder {
public:
    explicit TruthBuilder(std::string file, EmptyItem empty = EmptyItem::kRefused)
        : file_(std::move(file)), empty_(empty) {}

    void add(std::size_t line, std::string query, std::string item, std::string_view grade_text) {
        const bool no_match = item.empty() && empty_ == EmptyItem::kNoMatch;
        if (query.empty()) fail(line, "the query is empty");
        if (item.empty() && !no_match) {
            fail(line, "the item is empty",
                 "name the query's item or leave the line out; only `match` and `tune --threshold` "
                 "take an empty one, for a query that has none");
        }
        if (no_match) {
            pairs_.try_emplace(std::move(query));
            return;
        }
        const auto parsed = parse_number(grade_text);
        if (!parsed)
            fail(line, fmt::format("the grade '{}' is no number", utf8::printable(grade_text)));
        const double grade = std::max(*parsed, 0.0);
        const auto [pair, is_new] = pairs_[std::move(query)].emplace(std::move(item), grade);
        if (!is_new && pair->second != grade) {
            fail(line, fmt::format("the item '{}' has grade {} here and {} before", pair->first,
                                   grade, pair->second));
        }
    }

    [[noreturn]] void fail(std::size_t line, const std::string& what,
                           const std::string& fix = "correct the line") const {
        throw Error{fmt::format("line {}: {}", line, what), file_, fix};
    }

    Truth finish() && {
        if (pairs_.empty()) throw Error{"the file has no truth", file_, "give it at least a pair"};
        Truth truth;
        for (auto& [query, items] : pairs_) {
            std::vector<TruthItem>& list = truth[query];
            for (auto& [item, grade] : items)
                list.push_back({item, grade});
            std::sort(list.begin(), list.end(),
                      [](const TruthItem& a, const TruthItem& b) { return a.item < b.item; });
        }
        return truth;
    }

private:
    std::string file_;
    EmptyItem empty_;
    std::unordered_map<std::string, std::unordered_map<std::string, double>> pairs_;
};

struct TableColumns {
    std::size_t query = 0;
    std::size_t item = 0;
    std::optional<std::size_t> grade;
};

/// Whether the columns' names are pairs with a grade: no header ends in a number.
bool is_data(const std::vector<std::string>& columns) {
    return columns.size() >= 2 && parse_number(columns.back()).has_value();
}

/// The separator with which the header has all wanted columns: of the file's name, or another usual
/// one. There is no other that could be meant.
char separator_of_truth(const std::filesystem::path& file, const std::vector<std::string>& names) {
    const char usual = separator_of(file);
    const std::vector<std::string> wanted =
        names.empty() ? std::vector<std::string>{"query", "item"} : names;
    for (const char separator : {usual, ',', ';', '\t', '|'}) {
        const auto input = open_input(file);
        const TableReader table(*input, separator, file.string());
        if (std::all_of(wanted.begin(), wanted.end(),
                        [&](const auto& name) { return table.find(name).has_value(); }))
            return separator;
    }
    return usual;
}

TableColumns find_columns(const TableReader& table, const std::vector<std::string>& names,
                          const std::string& file) {
    const auto need = [&](const std::string& name) {
        const auto column = table.find(name);
        if (column) return *column;
        if (is_data(table.columns())) {
            throw Error{fmt::format("the file has no header: its first line is {}",
                                    quoted_list(table.columns())),
                        file, "write `query,item,grade`, the columns' names, as its first line"};
        }
        throw Error{
            fmt::format("there is no column '{}'; the columns are {}{}", name,
                        quoted_list(table.columns()), did_you_mean(name, table.columns())),
            file,
            "name the columns with --truth-columns QUERY,ITEM[,GRADE], or write them as the "
            "first line if the file has no header"};
    };
    if (names.empty()) return {need("query"), need("item"), table.find("grade")};
    TableColumns found{need(names[0]), need(names[1]), std::nullopt};
    if (names.size() == 3) found.grade = need(names[2]);
    return found;
}

Truth read_table(std::istream& input, char separator, const std::string& file,
                 const std::vector<std::string>& names, EmptyItem empty) {
    TableReader table(input, separator, file);
    const TableColumns columns = find_columns(table, names, file);
    TruthBuilder builder(file, empty);
    CsvRow row;
    while (table.next(row)) {
        if (TableReader::is_blank(row) || row.problem.code == kRepeatedHeader) continue;
        if (!row.problem.code.empty()) builder.fail(row.line, row.problem.detail);
        builder.add(row.line, row.cells[columns.query], row.cells[columns.item],
                    columns.grade ? std::string_view(row.cells[*columns.grade]) : "1");
    }
    return std::move(builder).finish();
}

Truth read_qrels(std::istream& input, const std::string& file) {
    skip_byte_order_mark(input, file);
    TruthBuilder builder(file);
    std::string line;
    for (std::size_t number = 1; std::getline(input, line); ++number) {
        const auto columns = split_blanks(line);
        if (columns.empty()) continue;
        if (columns.size() != 4) {
            throw Error{fmt::format("line {} has {} columns, qrels have 4", number, columns.size()),
                        file, kQrelsFix};
        }
        if (number == 1 && !parse_number(columns[3])) {
            throw Error{
                fmt::format("line 1: the grade '{}' is no number", utf8::printable(columns[3])),
                file, "remove the line if it is a header: qrels have none"};
        }
        if (!utf8::is_clean(line)) builder.fail(number, "the line is not UTF-8");
        builder.add(number, decode_trec_id(columns[0]), decode_trec_id(columns[2]), columns[3]);
    }
    return std::move(builder).finish();
}

/// In a file that is called a table the second column must be that of qrels, too.
bool starts_like_qrels(const std::filesystem::path& file, bool is_table) {
    const auto input = open_input(file);
    skip_byte_order_mark(*input, file.string());
    std::string line;
    while (std::getline(*input, line)) {
        const auto columns = split_blanks(line);
        if (columns.empty()) continue;
        return columns.size() == 4 && parse_number(columns[3]).has_value() &&
               (!is_table || columns[1] == "0" || columns[1] == "Q0");
    }
    return false;
}

}  // namespace

Truth read_truth(const std::filesystem::path& file, const std::vector<std::string>& columns,
                 EmptyItem empty) {
    if (columns.size() == 1 || columns.size() > 3) {
        throw UsageError{fmt::format("--truth-columns has {} names", columns.size()),
                         "give two or three: QUERY,ITEM[,GRADE]"};
    }
    const auto input = open_input(file);
    const auto extension = lower_extension(file);
    if (extension == ".qrels" || extension == ".trec" || starts_like_qrels(file, is_table(file))) {
        return read_qrels(*input, file.string());
    }
    return read_table(*input, separator_of_truth(file, columns), file.string(), columns, empty);
}

}  // namespace pmatch
