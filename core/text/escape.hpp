/// Text as a cell, word or string of what it is written into: one function for each target. Bytes
/// that mean nothing there stay as they are, well-formed UTF-8 or not.
#pragma once

#include <string>
#include <string_view>

namespace pmatch {

/// Nothing of it is markup, in text and in attributes.
std::string html_escaped(std::string_view text);

/// The same for XML 1.0. Line ends and tabs survive in attributes, too; the other control
/// characters, which XML cannot write, become blanks.
std::string xml_escaped(std::string_view text);

/// A cell of CSV as RFC 4180 has it: in quotes where it must be.
std::string csv_cell(std::string_view text);

/// A cell of TSV: tabs, line ends and backslashes as \t, \n, \r and \\.
std::string tsv_cell(std::string_view text);

/// A cell of a table of Markdown: on one line, without a bar of its own.
std::string markdown_cell(std::string_view text);

/// One word of a POSIX shell, in quotes where it must be. Control characters are written out, so
/// that a line stays one line, as $'…' of bash, zsh and ksh, which alone can write them.
std::string shell_word(std::string_view text);

/// A name of SQL, in quotes.
std::string sql_name(std::string_view text);

/// Bytes as %XX, but for ASCII letters and digits and those of `plain`.
std::string percent_encoded(std::string_view text, std::string_view plain);

}  // namespace pmatch
