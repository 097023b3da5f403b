#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <system_error>

#include "core/text/html_entities.hpp"
#include "core/text/markup.hpp"
#include "core/text/utf8.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kLongest = 40;  // of a name or number, more than any has

/// What &#128; to &#159; stand for: HTML reads them as Windows-1252.
constexpr std::array<char32_t, 32> kWindows1252{
    0x20AC, 0x81,   0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021, 0x2C6,  0x2030, 0x160,
    0x2039, 0x152,  0x8D,   0x17D,  0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0x9D,   0x17E,  0x178};

bool is_control(char32_t c) {
    return (c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f') || c == 0x7F;
}

void append_number(char32_t c, std::string& out) {
    constexpr char32_t kFirst = 0x80;
    if (c >= kFirst && c < kFirst + kWindows1252.size()) c = kWindows1252[c - kFirst];
    const bool surrogate = c >= 0xD800 && c < 0xE000;
    if (c == 0 || surrogate || c > 0x10FFFF) c = utf8::kReplacement;
    if (!is_control(c)) utf8::append(out, c);
}

/// Appends what stands between "&#" and ";"; false if it is no number.
bool append_numeric(std::string_view number, std::string& out) {
    int base = 10;
    if (number.starts_with('x') || number.starts_with('X')) {
        base = 16;
        number.remove_prefix(1);
    }
    std::uint32_t value = 0;
    const auto* const end = number.data() + number.size();
    const auto [stop, error] = std::from_chars(number.data(), end, value, base);
    if (number.empty() || stop != end || error == std::errc::invalid_argument) return false;
    append_number(error == std::errc() ? value : utf8::kReplacement, out);
    return true;
}

}  // namespace

std::string without_references(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto at = std::min(text.find('&'), text.size());
        out += text.substr(0, at);
        text.remove_prefix(at);
        if (text.empty()) break;
        const auto end = text.substr(0, kLongest).find(';');
        const auto body = end == std::string_view::npos ? "" : text.substr(1, end - 1);
        const auto before = out.size();
        const bool number = body.starts_with('#') && append_numeric(body.substr(1), out);
        if (!number) out += html_entity(body);
        const bool found = number || out.size() > before;
        if (!found) out += '&';
        text.remove_prefix(found ? end + 1 : 1);
    }
    return out;
}

}  // namespace pmatch
