/// UTF-8, strictly: no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pmatch::utf8 {

inline constexpr char32_t kIllFormed = 0xFFFFFFFF;
inline constexpr char32_t kReplacement = 0xFFFD;

/// Whether the byte is not the first of a character.
inline bool is_continuation(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

/// Decodes the code point at `at` and advances `at`. Invalid bytes give kIllFormed and skip the
/// maximal subpart, at least one byte, as the Unicode standard recommends: the number of
/// replacement characters equals that of other programs.
inline char32_t read(std::string_view text, std::size_t& at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const char32_t first = byte(at++);
    if (first < 0x80) return first;
    if (first < 0xC2 || first > 0xF4) return kIllFormed;
    int more = first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
    char32_t value = first & (0x3FU >> static_cast<unsigned>(more));
    // The second byte has narrower bounds after some first ones (table 3-7 of the standard).
    unsigned low = first == 0xE0 ? 0xA0U : first == 0xF0 ? 0x90U : 0x80U;
    unsigned high = first == 0xED ? 0x9FU : first == 0xF4 ? 0x8FU : 0xBFU;
    for (; more > 0; --more) {
        if (at >= text.size() || byte(at) < low || byte(at) > high) return kIllFormed;
        value = (value << 6U) | (byte(at++) & 0x3FU);
        low = 0x80;
        high = 0xBF;
    }
    return value;
}

/// The same with U+FFFD for ill-formed bytes.
inline char32_t next(std::string_view text, std::size_t& at) {
    const auto c = read(text, at);
    return c == kIllFormed ? kReplacement : c;
}

/// The code point that ends at `end` (above 0), or U+FFFD.
char32_t last(std::string_view text, std::size_t end);

void append(std::string& text, char32_t c);

bool is_valid(std::string_view text);

/// Valid UTF-8 without NUL, at which C strings and SQLite would truncate: required of every text
/// stored in a collection.
bool is_clean(std::string_view text);

/// For messages: escapes unclean bytes as \xNN and truncates long text.
std::string printable(std::string_view text);

}  // namespace pmatch::utf8
