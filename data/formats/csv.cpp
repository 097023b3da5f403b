#include "data/formats/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "core/common/error.hpp"
#include "core/text/utf8.hpp"

namespace pmatch {

namespace {

constexpr int kEnd = std::char_traits<char>::eof();

enum class State { kStart, kPlain, kQuoted, kQuoteInQuoted, kBroken };

/// Collects the cells of one row within its limits.
class RowBuilder {
public:
    RowBuilder(CsvRow& row, std::size_t keep) : row_(row), keep_(keep) {}

    void append(int byte) {
        if (++bytes_ <= kMaxRowBytes && row_.cell_count < keep_) {
            cell_.push_back(static_cast<char>(byte));
        }
    }
    void end_cell() {
        if (row_.cell_count++ < keep_) row_.cells.push_back(std::move(cell_));
        cell_.clear();
    }
    void broken(std::string detail) {
        if (row_.problem.code.empty()) row_.problem = {"bad_quotes", std::move(detail)};
    }
    /// `last`: the row's last line. A row with broken quotes may have swallowed valid ones.
    void end_row(std::size_t last) {
        end_cell();
        if (!row_.problem.code.empty() && last > row_.line)
            row_.problem.detail +=
                fmt::format("; lines {} to {} are lost with it", row_.line, last);
        if (bytes_ <= kMaxRowBytes) return;
        row_.problem = {"row_too_large",
                        fmt::format("the row starting in line {} has {} bytes, at most {} are "
                                    "read; is a quote not closed?",
                                    row_.line, bytes_, kMaxRowBytes)};
    }

private:
    CsvRow& row_;
    std::size_t keep_;
    std::string cell_;
    std::size_t bytes_ = 0;
};

}  // namespace

int CsvParser::take() {
    int byte = input_.rdbuf()->sbumpc();
    if (skip_line_feed_ && byte == '\n') byte = input_.rdbuf()->sbumpc();
    skip_line_feed_ = false;
    if (byte == '\n') ++line_;
    return byte;
}

void CsvParser::end_line(int last) {
    if (last != '\r') return;
    skip_line_feed_ = true;
    ++line_;
}

bool CsvParser::next(CsvRow& row) {
    row = CsvRow{};
    for (;;) {
        row.line = line_;
        const int first = take();
        if (first == kEnd) return false;
        if (first == '\n' || first == '\r') {
            end_line(first);
            continue;
        }
        parse(row, first);
        return true;
    }
}

void CsvParser::parse(CsvRow& row, int first) {
    RowBuilder builder(row, keep_);
    State state = State::kStart;
    std::size_t last = row.line;  ///< line of the latest byte
    for (int byte = first;; byte = take()) {
        if (byte != kEnd) last = byte == '\n' ? line_ - 1 : line_;
        if (state == State::kQuoted && byte != kEnd) {
            if (byte == '"') {
                state = State::kQuoteInQuoted;
            } else {
                builder.append(byte);
            }
            continue;
        }
        if (byte == kEnd || byte == '\n' || byte == '\r') {
            if (state == State::kQuoted) builder.broken("a quote is still open at the end");
            end_line(byte);
            builder.end_row(last);
            return;
        }
        if (state == State::kBroken) continue;
        if (byte == separator_) {
            builder.end_cell();
            state = State::kStart;
        } else if (byte == '"' && state == State::kStart) {
            state = State::kQuoted;
        } else if (byte == '"' && state == State::kQuoteInQuoted) {
            builder.append(byte);
            state = State::kQuoted;
        } else if (state == State::kQuoteInQuoted) {
            builder.broken(
                fmt::format("text follows a closing quote in line {}; a quote inside "
                            "a quoted cell is written twice",
                            line_));
            state = State::kBroken;
        } else {
            builder.append(byte);
            state = State::kPlain;
        }
    }
}

TableReader::TableReader(std::istream& input, char separator, std::string name)
    : parser_(input, separator), name_(std::move(name)) {
    skip_byte_order_mark(input, name_);
    CsvRow header;
    if (!parser_.next(header)) {
        throw Error{"the file has no header", name_, "name the columns in the first line"};
    }
    if (!header.problem.code.empty()) {
        throw Error{"the header cannot be read: " + header.problem.detail, name_,
                    "name the columns in the first line"};
    }
    if (header.cell_count > kMaxColumns) {
        throw Error{fmt::format("the header has {} columns, at most {} are read", header.cell_count,
                                kMaxColumns),
                    name_, "check the separator: comma in .csv, tab in .tsv"};
    }
    std::unordered_set<std::string_view> seen;
    for (const std::string& column : header.cells) {
        if (!utf8::is_clean(column)) {
            throw Error{fmt::format("the column name '{}' is not UTF-8", utf8::printable(column)),
                        name_, "write the file in UTF-8"};
        }
        if (!seen.insert(column).second) {
            throw Error{fmt::format("the column '{}' is there twice", column), name_,
                        "give every column its own name"};
        }
    }
    columns_ = header.cells;
    parser_.keep_cells(columns_.size());
}

std::optional<std::size_t> TableReader::find(std::string_view column) const {
    const auto found = std::find(columns_.begin(), columns_.end(), column);
    if (found == columns_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - columns_.begin());
}

bool TableReader::next(CsvRow& row) {
    if (!parser_.next(row)) return false;
    if (!row.problem.code.empty()) return true;
    if (row.cell_count != columns_.size()) {
        row.problem = {
            row.cell_count < columns_.size() ? "too_few_cells" : "too_many_cells",
            fmt::format("the row has {} cells, the header {}", row.cell_count, columns_.size())};
        return true;
    }
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
        if (utf8::is_clean(row.cells[i])) continue;
        row.problem = {"invalid_utf8",
                       fmt::format("column '{}' {}", columns_[i],
                                   row.cells[i].find('\0') != std::string::npos
                                       ? "holds a NUL byte"
                                       : "is not UTF-8: " + utf8::printable(row.cells[i]))};
        return true;
    }
    return true;
}

void skip_byte_order_mark(std::istream& input, const std::string& name) {
    std::streambuf& buffer = *input.rdbuf();
    const int first = buffer.sgetc();
    if (first == 0xFF || first == 0xFE) {
        throw Error{
            fmt::format("the file starts with byte 0x{:02X}: it is UTF-16, not UTF-8", first), name,
            "convert it: iconv -f UTF-16 -t UTF-8"};
    }
    if (first != 0xEF) return;
    buffer.sbumpc();
    if (buffer.sbumpc() != 0xBB || buffer.sbumpc() != 0xBF) {
        throw Error{"the file does not start with UTF-8", name, "write the file in UTF-8"};
    }
}

std::string quoted_list(const std::vector<std::string>& names) {
    return fmt::format("'{}'", fmt::join(names, "', '"));
}

}  // namespace pmatch
