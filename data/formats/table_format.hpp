/// How a table is written, where its extension does not say it.
#pragma once

#include <filesystem>
#include <string>

namespace pmatch {

struct TableFormat {
    std::string delimiter;            ///< a character or "tab"; empty: as the extension says
    std::string encoding;             ///< a name that iconv knows; empty: UTF-8
    std::string quotes = "standard";  ///< or "literal": quotes are ordinary characters

    bool is_default() const {
        return delimiter.empty() && encoding.empty() && quotes == "standard";
    }
    friend bool operator==(const TableFormat&, const TableFormat&) = default;
};

/// The complaint about a delimiter; empty if it can be one.
std::string problem_of_delimiter(const std::string& delimiter);

/// Whether the file is a table by its extension, .csv or .tsv in any letters, or by a delimiter
/// that was given.
bool is_table(const std::filesystem::path& file, const TableFormat& format = {});

/// The separator of a table of this name: `--delimiter`, else a tab for .tsv, else a comma.
char separator_of(const std::filesystem::path& file, const TableFormat& format = {});

}  // namespace pmatch
