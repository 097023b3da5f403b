/// Letters and digits of ASCII, whatever the locale; bytes of other characters are neither, and
/// stay as they are.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace pmatch::ascii {

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

constexpr bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr bool is_alphanumeric(char c) {
    return is_letter(c) || is_digit(c);
}

constexpr char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

inline std::string lowercase(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), lower);
    return result;
}

inline bool has_digit(std::string_view text) {
    return std::any_of(text.begin(), text.end(), is_digit);
}

/// True of an empty text, too.
inline bool all_digits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), is_digit);
}

}  // namespace pmatch::ascii
