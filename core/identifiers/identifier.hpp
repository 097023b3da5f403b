/// Identifiers of products, in the form in which they are compared.
///
/// Trade item numbers: GTIN-8, -12 (UPC), -13 (EAN, ISBN-13) and -14, by the GS1 General
/// Specifications, section 7.9 (check digit). Anything else is a maker's part number.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pmatch {

/// 14 digits, with zeros in front; blanks and hyphens between the digits do not count. Empty
/// unless there are 8, 12, 13 or 14 digits, not all of them zero, and the last one is the check
/// digit of the others.
std::optional<std::string> trade_number(std::string_view text);

/// Whether a trade number may have so many digits: 8, 12, 13 or 14.
bool is_trade_length(std::size_t digits);

/// Whether the text has as many digits as a trade number, and nothing else that counts.
bool has_trade_length(std::string_view text);

/// Letters and digits alone, in lower case: "DSC-W55/B" and "dscw55b" are equal. Empty if less
/// than three remain, or no digit is among them: "n/a" is no part number.
std::string part_number(std::string_view text);

/// The parts of a cell with several identifiers: between '|', ';' and line breaks.
std::vector<std::string_view> identifiers_in(std::string_view cell);

/// Whether a query's text may be nothing but an identifier: it has a digit, and is short.
bool may_be_identifier(std::string_view text);

}  // namespace pmatch
