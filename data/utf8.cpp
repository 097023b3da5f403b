#include "data/utf8.hpp"

#include <fmt/format.h>

#include <cstdint>

namespace pmatch {

namespace {

/// Length of the well-formed sequence at the start of `text` (table 3-7 of the Unicode
/// standard), 0 when there is none.
std::size_t sequence_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const auto is = [&](std::size_t i, int low, int high) {
        return i < text.size() && byte(i) >= low && byte(i) <= high;
    };
    const int first = byte(0);
    if (first < 0x80) return first == 0 ? 0 : 1;
    if (first >= 0xC2 && first <= 0xDF) return is(1, 0x80, 0xBF) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        const int low = first == 0xE0 ? 0xA0 : 0x80;
        const int high = first == 0xED ? 0x9F : 0xBF;
        return is(1, low, high) && is(2, 0x80, 0xBF) ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        const int low = first == 0xF0 ? 0x90 : 0x80;
        const int high = first == 0xF4 ? 0x8F : 0xBF;
        return is(1, low, high) && is(2, 0x80, 0xBF) && is(3, 0x80, 0xBF) ? 4 : 0;
    }
    return 0;
}

}  // namespace

bool is_clean_utf8(std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = sequence_length(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

std::string printable(std::string_view text) {
    constexpr std::size_t kLongest = 120;
    std::string out;
    while (!text.empty() && out.size() < kLongest) {
        const std::size_t length = sequence_length(text);
        if (length == 0 || static_cast<std::uint8_t>(text[0]) < 0x20) {
            out += fmt::format("\\x{:02X}", static_cast<std::uint8_t>(text[0]));
            text.remove_prefix(1);
        } else {
            out += text.substr(0, length);
            text.remove_prefix(length);
        }
    }
    if (!text.empty()) out += "...";
    return out;
}

}  // namespace pmatch
