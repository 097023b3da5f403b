/// The start of a text file: marks of its encoding, and signs of another one than UTF-8.
#pragma once

#include <istream>
#include <string>
#include <string_view>

namespace pmatch {

/// Skips a UTF-8 byte order mark, also a repeated one. Throws Error for a file that begins with
/// that of UTF-16 or UTF-32, or with a NUL byte, as UTF-16 does without a mark.
void skip_byte_order_mark(std::istream& input, const std::string& name);

/// Throws Error, naming UTF-16, if the text from the start of a file holds NUL bytes.
void check_not_utf16(std::string_view text, const std::string& name);

}  // namespace pmatch
