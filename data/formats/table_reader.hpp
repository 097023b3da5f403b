/// Reads CSV and TSV files with a header.
#pragma once

#include <cstddef>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/formats/csv.hpp"
#include "data/formats/table_header.hpp"

namespace pmatch {

/// The code of a row that is the header again, as in an export written page by page.
inline constexpr const char* kRepeatedHeader = "repeated_header";

/// Rows below a header.
class TableReader {
public:
    /// Reads the header. Throws Error if it is missing or not UTF-8. `name` denotes the input in
    /// messages.
    TableReader(std::istream& input, char separator, std::string name,
                bool quotes_are_literal = false);

    const std::vector<std::string>& columns() const { return header_.columns; }
    std::optional<std::size_t> find(std::string_view column) const {
        return find_column(columns(), column);
    }

    /// Like CsvParser::next(); every row without a problem has columns().size() cells of clean
    /// UTF-8. Problems: too_few_cells, too_many_cells, invalid_utf8; empty_id for a row whose cells
    /// are all empty; repeated_header, and other_header for the rows below another one; bad_quotes
    /// for a quoted cell that has swallowed rows.
    bool next(CsvRow& row);

    /// Whether a row without a problem, or of empty cells, holds nothing: separators alone.
    static bool is_blank(const CsvRow& row);

    /// What is unusual about the table so far, for people.
    std::vector<std::string> remarks() const;

private:
    void judge(CsvRow& row);
    bool take_header(CsvRow& row);
    void take_cells(CsvRow& row);
    bool has_right_width(const CsvRow& row);

    CsvParser parser_;
    char separator_;
    std::string name_;
    TableHeader header_;
    /// Number of empty cells that all rows have at the end beyond the header's; known from the
    /// first row.
    std::optional<std::size_t> extra_;
    std::vector<std::size_t> order_;   ///< by column of the latest header; empty: as in the first
    std::size_t other_header_ = 0;     ///< line of a header with other columns; 0: none
    std::size_t repeated_header_ = 0;  ///< line of the first one
    std::size_t repetitions_ = 0;
};

}  // namespace pmatch
