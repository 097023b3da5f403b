/// Streaming parser for CSV as in RFC 4180, and TSV with the same quoting.
#pragma once

#include <cstddef>
#include <istream>
#include <string>
#include <vector>

#include "core/common/problem.hpp"

namespace pmatch {

/// Maximum length of a row: a longer one has an unclosed quote, or the file is not CSV.
inline constexpr std::size_t kMaxRowBytes = 64U << 20U;
inline constexpr std::size_t kMaxColumns = 10'000;

struct CsvRow {
    std::size_t line = 0;            ///< where the row starts, from 1
    std::size_t lines = 1;           ///< number of lines it takes
    std::vector<std::string> cells;  ///< unquoted; at most keep_cells()
    std::size_t cell_count = 0;      ///< number of cells in the file
    bool more = false;               ///< a cell that was not kept is not empty
    bool at_end = false;             ///< the file ends in this row, without an end of line
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
    /// Quotes are ordinary characters: no cell holds a separator or an end of line.
    void take_quotes_literally() { quote_ = kNoQuote; }
    /// Drops the blanks in front of every cell: `a, "b, c"` has two cells.
    void skip_leading_blanks() { skip_blanks_ = true; }

    /// False at the end.
    bool next(CsvRow& row);

private:
    static constexpr int kNoQuote = -2;  ///< neither a byte nor the end of the file

    int take();
    void parse(CsvRow& row, int first);
    void end_line(int last);

    std::istream& input_;
    char separator_;
    int quote_ = '"';
    bool skip_blanks_ = false;
    std::size_t keep_ = kMaxColumns;
    std::size_t line_ = 1;
    bool skip_line_feed_ = false;  ///< the previous row ended with CR
};

}  // namespace pmatch
