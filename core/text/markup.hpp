/// Texts written as HTML, as a reader sees them.
#pragma once

#include <string>
#include <string_view>

namespace pmatch {

/// The text without HTML markup. Only what is surely markup is touched:
///
/// - Tags are left out if the text holds at least one sure sign of HTML: a closing tag, <br>, <p>,
///   <li> or another block, a tag with attributes as name="value", or a comment. Then every tag of
///   an HTML element goes, and of any name that is closed somewhere in the text. "a < b and c > d",
///   "<3", "X<200>" and "sizes <S> <M>" stay as they are.
/// - Blocks, cells, <br> and the like leave a blank, tags inside of a line (<b>, <span>, <sup>, …)
///   nothing. What script, style and template hold is left out. Runs of blanks become one.
/// - Character references with a semicolon (&amp; &nbsp; &#8222; &#x201E;) become their characters;
///   "AT&T" and "?a=1&copy=2" stay as they are.
/// - Markup that is itself escaped ("&lt;p&gt;Mug&lt;/p&gt;") is read once more.
///
/// A text without '<' and '&' comes back byte for byte.
std::string without_markup(std::string_view text);

/// The text with its character references decoded.
std::string without_references(std::string_view text);

}  // namespace pmatch
