/// Character properties as in the tokenizers library, whose tables have different versions:
/// categories of Unicode 8, decompositions of Unicode 9, recent lower case.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/text/utf8.hpp"

namespace pmatch::unicode {

using utf8::append;
using utf8::is_valid;
using utf8::last;
using utf8::next;

bool is_whitespace(char32_t c);
bool is_punctuation(char32_t c);            ///< ASCII punctuation and the categories P*
bool is_nonspacing_mark(char32_t c);        ///< category Mn
bool is_removed_by_clean_text(char32_t c);  ///< 0, U+FFFD, categories Cc, Cf, Co; not \t \n \r
bool is_mark(char32_t c);                   ///< removed by StripAccents
bool is_chinese(char32_t c);                ///< ideographs that BERT surrounds with blanks
bool is_word(char32_t c);                   ///< \w of a regular expression
char32_t to_lower(char32_t c);              ///< simple mapping; U+0130 needs two: see kDottedI

/// The only character whose lower case has two code points: U+0069 U+0307.
inline constexpr char32_t kDottedI = 0x130;

/// Converts valid UTF-8 to lower case, character by character, ignoring context.
void lowercase(std::string& text);

/// Appends the canonical decomposition of `c`, in canonical order with the preceding marks.
void append_decomposed(std::u32string& text, char32_t c);

}  // namespace pmatch::unicode
