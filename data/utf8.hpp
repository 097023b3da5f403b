/// Strict UTF-8, as every text that enters a collection must be.
#pragma once

#include <string>
#include <string_view>

namespace pmatch {

/// No overlong forms, no surrogates, nothing above U+10FFFF, and no NUL (C strings and SQLite
/// functions would cut the text there).
bool is_clean_utf8(std::string_view text);

/// For messages: bytes that are not clean UTF-8 become \xNN, and long text is cut.
std::string printable(std::string_view text);

}  // namespace pmatch
