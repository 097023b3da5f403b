/// Escapes text for its context: one function per target. Bytes with no special meaning there are
/// left unchanged, well-formed UTF-8 or not.
#pragma once

#include <string>
#include <string_view>

namespace pmatch {

/// Escapes markup, for text and attributes.
std::string html_escaped(std::string_view text);

/// The same for XML 1.0. Line ends and tabs are preserved in attributes, too; other control
/// characters, which XML cannot represent, become blanks.
std::string xml_escaped(std::string_view text);

/// A CSV cell as in RFC 4180: quoted if necessary.
std::string csv_cell(std::string_view text);

/// A TSV cell: tabs, line ends and backslashes as \t, \n, \r and \\.
std::string tsv_cell(std::string_view text);

/// A cell of a Markdown table: on one line, bars escaped.
std::string markdown_cell(std::string_view text);

/// One word of a POSIX shell, quoted. Control characters use $'…' of bash, zsh and ksh (POSIX has
/// no alternative), so that the command stays on one line.
std::string shell_word(std::string_view text);

/// A quoted SQL identifier.
std::string sql_name(std::string_view text);

/// Encodes bytes as %XX, except ASCII letters, digits and those in `plain`.
std::string percent_encoded(std::string_view text, std::string_view plain);

}  // namespace pmatch
