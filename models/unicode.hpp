/// What the tokenizers library holds a character to be. Its tables are of several ages: the
/// categories are those of Unicode 8, the decompositions those of Unicode 9, lower case is new.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace pmatch::unicode {

/// The code point at `position`, which moves behind it; U+FFFD for bytes that are not UTF-8.
char32_t next(std::string_view text, std::size_t& position);

/// The code point that ends right before `end` (above 0).
char32_t last(std::string_view text, std::size_t end);

void append(std::string& text, char32_t c);

bool is_valid(std::string_view text);  ///< UTF-8

bool is_whitespace(char32_t c);
bool is_punctuation(char32_t c);            ///< ASCII punctuation and the categories P*
bool is_nonspacing_mark(char32_t c);        ///< category Mn
bool is_removed_by_clean_text(char32_t c);  ///< 0, U+FFFD, categories Cc, Cf, Co; not \t \n \r
bool is_mark(char32_t c);                   ///< what StripAccents takes away
bool is_chinese(char32_t c);                ///< the ideographs that BERT puts blanks around
bool is_word(char32_t c);                   ///< \w of a regular expression
char32_t to_lower(char32_t c);              ///< simple mapping; U+0130 needs two: see kDottedI

/// The one character whose lower case has two code points: U+0069 U+0307.
inline constexpr char32_t kDottedI = 0x130;

/// Lower case of each character of valid UTF-8; where it stands in the text does not matter.
void lowercase(std::string& text);

/// Appends the canonical decomposition of `c`, marks in canonical order with those before them.
void append_decomposed(std::u32string& text, char32_t c);

}  // namespace pmatch::unicode
