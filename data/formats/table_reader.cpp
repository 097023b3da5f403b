#include "data/formats/table_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/common/error.hpp"
#include "core/text/utf8.hpp"
#include "data/formats/byte_order_mark.hpp"

namespace pmatch {
namespace {

std::optional<std::size_t> position(const std::vector<std::string>& columns,
                                    std::string_view name) {
    const auto found = std::find(columns.begin(), columns.end(), name);
    if (found == columns.end()) return std::nullopt;
    return static_cast<std::size_t>(found - columns.begin());
}

/// The column of each cell, as far as cells are names of columns, each once.
std::vector<std::size_t> columns_named_by(const std::vector<std::string>& cells,
                                          const std::vector<std::string>& columns) {
    std::vector<std::size_t> named;
    for (const std::string& cell : cells) {
        const auto column = position(columns, trimmed(cell));
        if (!column || std::find(named.begin(), named.end(), *column) != named.end()) continue;
        named.push_back(*column);
    }
    return named;
}

bool is_same(const std::vector<std::string>& cells, const std::vector<std::string>& names) {
    return std::equal(
        cells.begin(), cells.end(), names.begin(), names.end(),
        [](const std::string& cell, const std::string& name) { return trimmed(cell) == name; });
}

/// Whether a cell of several lines has lines that look like rows: a quote that nobody closed ends
/// at the next one, maybe hundreds of rows further down. Some text has commas in all its lines; a
/// long one, and as many in each line as the table has, is none.
bool has_swallowed_rows(const CsvRow& row, char separator, std::size_t columns) {
    constexpr std::size_t kSigns = 20;
    if (columns < 2 || (row.lines - 1) * (columns - 1) < kSigns) return false;
    for (const std::string& cell : row.cells) {
        std::size_t lines = 0;
        std::size_t like_rows = 0;
        for (auto begin = cell.find('\n'); begin != std::string::npos;) {
            const auto end = cell.find('\n', begin + 1);
            if (end == std::string::npos) break;
            ++lines;
            const auto separators = std::count(cell.data() + begin, cell.data() + end, separator);
            if (static_cast<std::size_t>(separators) + 1 == columns) ++like_rows;
            begin = end;
        }
        if (lines * (columns - 1) >= kSigns && like_rows * 10 >= lines * 9) return true;
    }
    return false;
}

}  // namespace

TableReader::TableReader(std::istream& input, char separator, std::string name,
                         bool quotes_are_literal)
    : parser_(input, separator), separator_(separator), name_(std::move(name)) {
    skip_byte_order_mark(input, name_);
    if (quotes_are_literal) parser_.take_quotes_literally();
    CsvRow row;
    if (!parser_.next(row)) {
        throw Error{"the file has no header", name_, "name the columns in the first line"};
    }
    header_ = read_header(row, name_);
    if (header_.blanks_in_front) parser_.skip_leading_blanks();
    parser_.keep_cells(columns().size());
}

bool TableReader::is_blank(const CsvRow& row) {
    return !row.more && std::all_of(row.cells.begin(), row.cells.end(),
                                    [](const std::string& cell) { return cell.empty(); });
}

bool TableReader::next(CsvRow& row) {
    if (!parser_.next(row)) return false;
    if (row.problem.code.empty()) judge(row);
    return true;
}

void TableReader::judge(CsvRow& row) {
    if (is_blank(row)) {
        row.problem = {"empty_id", "all cells of the row are empty"};
        return;
    }
    if (take_header(row)) return;
    if (!has_right_width(row)) {
        row.problem = {
            row.cell_count < columns().size() ? "too_few_cells" : "too_many_cells",
            fmt::format("the row has {} cells, the header {}", row.cell_count, columns().size())};
    } else if (other_header_ > 0) {
        row.problem = {
            "other_header",
            other_header_ == row.line
                ? std::string("the row is a header of other columns")
                : fmt::format("it stands below line {}, a header of other columns", other_header_)};
    } else if (has_swallowed_rows(row, separator_, columns().size())) {
        row.problem = {"bad_quotes",
                       fmt::format("a quoted cell holds lines that look like rows: its quote is "
                                   "closed too late; lines {} to {} are lost with it",
                                   row.line, row.line + row.lines - 1)};
    } else {
        take_cells(row);
    }
}

/// Whether the row is a header: this one again, also in another order, or that of another table.
bool TableReader::take_header(CsvRow& row) {
    // All names are compared only if one of the first two is there: rows are many.
    const auto is_name = [&](std::size_t i) {
        return i < row.cells.size() && position(columns(), trimmed(row.cells[i]));
    };
    const bool same = is_same(row.cells, header_.written);
    if (!same && !is_name(0) && !is_name(1)) return false;
    const auto named = columns_named_by(row.cells, columns());
    if (!row.more && (same || named.size() == columns().size())) {
        if (repetitions_++ == 0) repeated_header_ = row.line;
        order_ = same ? std::vector<std::size_t>() : named;
        other_header_ = 0;
        row.problem = {kRepeatedHeader, "the row is the header again"};
        return true;
    }
    if (named.size() < 2 || named.size() * 2 <= std::max(row.cell_count, row.cells.size()))
        return false;
    other_header_ = row.line;
    return false;  // a row below its own line, as it were
}

bool TableReader::has_right_width(const CsvRow& row) {
    const auto width = columns().size();
    if (row.more || row.cell_count < header_.least_cells) return false;
    if (!extra_) extra_ = std::max(row.cell_count, width) - width;
    return row.cell_count <= width || row.cell_count == width + *extra_;
}

void TableReader::take_cells(CsvRow& row) {
    row.cells.resize(columns().size());
    if (!order_.empty()) {
        std::vector<std::string> cells(row.cells.size());
        for (std::size_t i = 0; i < cells.size(); ++i)
            cells[order_[i]] = std::move(row.cells[i]);
        row.cells = std::move(cells);
    }
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
        if (utf8::is_clean(row.cells[i])) continue;
        row.problem = {"invalid_utf8",
                       fmt::format("column '{}' {}", columns()[i],
                                   row.cells[i].find('\0') != std::string::npos
                                       ? "holds a NUL byte"
                                       : "is not UTF-8: " + utf8::printable(row.cells[i]))};
        return;
    }
}

std::vector<std::string> TableReader::remarks() const {
    auto remarks = header_.remarks;
    if (repetitions_ == 1) {
        remarks.push_back(fmt::format("line {} is the header again, no product", repeated_header_));
    } else if (repetitions_ > 1) {
        remarks.push_back(fmt::format("line {} and {} more are the header again, no products",
                                      repeated_header_, repetitions_ - 1));
    }
    return remarks;
}

}  // namespace pmatch
