#include "cli/serve/http/base64.hpp"

#include <cstdint>

namespace pmatch::cli {
namespace {

/// -1 for what is no digit.
int digit_of(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+' || c == '-') return 62;
    return c == '/' || c == '_' ? 63 : -1;
}

}  // namespace

std::optional<std::string> base64_decoded(std::string_view text) {
    for (int padding = 0; padding < 2 && text.ends_with('='); ++padding)
        text.remove_suffix(1);
    if (text.size() % 4 == 1) return std::nullopt;
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3 + 2);
    std::uint32_t word = 0;
    unsigned bits = 0;
    for (const char c : text) {
        const int digit = digit_of(c);
        if (digit < 0) return std::nullopt;
        word = (word << 6U) | static_cast<std::uint32_t>(digit);
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        bytes += static_cast<char>((word >> bits) & 0xFFU);
    }
    return bytes;
}

std::string base64_encoded(std::string_view bytes) {
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    std::uint32_t word = 0;
    unsigned bits = 0;
    for (const char c : bytes) {
        word = (word << 8U) | static_cast<unsigned char>(c);
        for (bits += 8; bits >= 6;)
            text += kDigits[(word >> (bits -= 6)) & 63U];
    }
    if (bits > 0) text += kDigits[(word << (6 - bits)) & 63U];
    text.append((4 - text.size() % 4) % 4, '=');
    return text;
}

}  // namespace pmatch::cli
