/// The columns of a table, named by its header.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/formats/csv.hpp"

namespace pmatch {

struct TableHeader {
    /// Without the blanks around them. An empty name is replaced by "column_4", a repeated one gets
    /// a number: "image_2".
    std::vector<std::string> columns;
    std::vector<std::string> written;  ///< the names as they are in the file, without blanks
    /// Number of cells that a row needs: it may lack those of unnamed columns at the end.
    std::size_t least_cells = 0;
    /// Names are separated by a comma and a blank: then cells are, too.
    bool blanks_in_front = false;
    std::vector<std::string> remarks;  ///< what was changed, for people
};

/// Throws Error, naming the input, if the row cannot be a header.
TableHeader read_header(const CsvRow& row, const std::string& input);

/// The column of this name or, if there is none, the only one that differs in case or in blanks
/// around it.
std::optional<std::size_t> find_column(const std::vector<std::string>& columns,
                                       std::string_view name);

/// A remedy if the header looks as if it had another separator: "the columns seem to be separated
/// by ';': give --delimiter ';'". Empty without such a sign.
std::string separator_hint(const std::vector<std::string>& columns);

/// "'id', 'title', 'price'", for messages.
std::string quoted_list(const std::vector<std::string>& names);

/// Without blanks and tabs around it.
std::string_view trimmed(std::string_view text);

}  // namespace pmatch
