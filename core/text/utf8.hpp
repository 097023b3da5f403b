/// UTF-8, strictly: no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pmatch::utf8 {

inline constexpr char32_t kIllFormed = 0xFFFFFFFF;
inline constexpr char32_t kReplacement = 0xFFFD;

/// Not the first byte of a character.
inline bool is_continuation(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

/// The code point at `at`, which moves behind it. Bytes that begin none are kIllFormed; then it
/// moves behind those that could have begun one, at least one byte, as the Unicode standard
/// recommends: as many replacement characters come out as from other programs.
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

/// The same with U+FFFD for what is ill-formed.
inline char32_t next(std::string_view text, std::size_t& at) {
    const auto c = read(text, at);
    return c == kIllFormed ? kReplacement : c;
}

/// The code point that ends right before `end` (above 0), or U+FFFD.
char32_t last(std::string_view text, std::size_t end);

void append(std::string& text, char32_t c);

bool is_valid(std::string_view text);

/// Valid and without NUL, where C strings and SQLite's functions would cut the text: what every
/// text that enters a collection must be.
bool is_clean(std::string_view text);

/// For messages: bytes that are not clean become \xNN, and long text is cut.
std::string printable(std::string_view text);

}  // namespace pmatch::utf8
