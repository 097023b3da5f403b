#include "core/text/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pmatch::utf8 {

char32_t last(std::string_view text, std::size_t end) {
    constexpr std::size_t kLongest = 4;
    text = text.substr(0, end);
    for (std::size_t size = 1; size <= std::min(kLongest, end); ++size) {
        auto at = end - size;
        if (is_continuation(text[at])) continue;
        const auto c = next(text, at);
        return at == end ? c : kReplacement;
    }
    return kReplacement;
}

void append(std::string& text, char32_t c) {
    const auto put = [&](char32_t byte) { text += static_cast<char>(byte); };
    if (c < 0x80) return put(c);
    if (c < 0x800) {
        put(0xC0U | (c >> 6U));
    } else {
        if (c < 0x10000) {
            put(0xE0U | (c >> 12U));
        } else {
            put(0xF0U | (c >> 18U));
            put(0x80U | ((c >> 12U) & 0x3FU));
        }
        put(0x80U | ((c >> 6U) & 0x3FU));
    }
    put(0x80U | (c & 0x3FU));
}

bool is_valid(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        if (read(text, at) == kIllFormed) return false;
    }
    return true;
}

bool is_clean(std::string_view text) {
    return is_valid(text) && text.find('\0') == std::string_view::npos;
}

std::string printable(std::string_view text) {
    constexpr std::size_t kLongest = 120;
    std::string out;
    while (!text.empty() && out.size() < kLongest) {
        std::size_t size = 0;
        const auto c = read(text, size);
        if (c == kIllFormed || c < 0x20) {
            out += fmt::format("\\x{:02X}", static_cast<unsigned char>(text[0]));
            size = 1;
        } else {
            out += text.substr(0, size);
        }
        text.remove_prefix(size);
    }
    if (!text.empty()) out += "...";
    return out;
}

}  // namespace pmatch::utf8
