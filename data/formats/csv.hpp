/// Streaming reader for CSV as in RFC 4180, and TSV with the same quoting.
#pragma once

#include <cstddef>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/common/problem.hpp"

namespace pmatch {

/// Maximum length of a row: a longer one has an unclosed quote, or the file is not CSV.
inline constexpr std::size_t kMaxRowBytes = 64U << 20U;
inline constexpr std::size_t kMaxColumns = 10'000;

struct CsvRow {
    std::size_t line = 0;            ///< where the row starts, from 1
    std::vector<std::string> cells;  ///< unquoted; at most keep_cells()
    std::size_t cell_count = 0;      ///< number of cells in the file
    Problem problem;                 ///< bad_quotes, row_too_large; TableReader adds more
};

/// Splits a stream into rows. Rows end with LF, CRLF or CR; blank lines are skipped; CR and LF
/// inside quotes are kept. Never reads past the end of the row, so a row typed into a pipe is
/// available immediately. A quote inside an unquoted cell is an ordinary character; text after a
/// closing quote is bad_quotes, and reading continues with the next line.
class CsvParser {
public:
    CsvParser(std::istream& input, char separator) : input_(input), separator_(separator) {}

    /// Further cells are counted, but not stored.
    void keep_cells(std::size_t number) { keep_ = number; }

    /// False at the end.
    bool next(CsvRow& row);

private:
    int take();
    void parse(CsvRow& row, int first);
    void end_line(int last);

    std::istream& input_;
    char separator_;
    std::size_t keep_ = kMaxColumns;
    std::size_t line_ = 1;
    bool skip_line_feed_ = false;  ///< the previous row ended with CR
};

/// Rows below a header.
class TableReader {
public:
    /// Reads the header. Throws Error if it is missing, has a duplicate column, or is not UTF-8.
    /// `name` denotes the input in messages.
    TableReader(std::istream& input, char separator, std::string name);

    const std::vector<std::string>& columns() const { return columns_; }
    std::optional<std::size_t> find(std::string_view column) const;

    /// Like CsvParser::next(); every row without a problem has columns().size() cells of clean
    /// UTF-8. Problems: too_few_cells, too_many_cells, invalid_utf8.
    bool next(CsvRow& row);

private:
    CsvParser parser_;
    std::string name_;
    std::vector<std::string> columns_;
};

/// Skips a UTF-8 byte order mark; throws Error for that of UTF-16.
void skip_byte_order_mark(std::istream& input, const std::string& name);

/// "'id', 'title', 'price'", for messages.
std::string quoted_list(const std::vector<std::string>& names);

}  // namespace pmatch
