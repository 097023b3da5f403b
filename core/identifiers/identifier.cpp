#include "core/identifiers/identifier.hpp"

#include <algorithm>

#include "core/text/ascii.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kTradeDigits = 14;
constexpr std::size_t kShortestPart = 3;
constexpr std::size_t kLongestPart = 64;
constexpr std::size_t kLongestAlone = 40;  ///< bytes of a text that is an identifier

using ascii::has_digit;
using ascii::is_digit;

bool is_letter(char c) {
    return ascii::is_letter(c) || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

/// Empty if anything but digits, blanks and hyphens is in the text.
std::string digits_of(std::string_view text) {
    std::string digits;
    for (const char c : text) {
        if (is_digit(c)) {
            digits += c;
        } else if (c != ' ' && c != '-') {
            return {};
        }
    }
    return digits;
}

/// From the right the digits weigh 1, 3, 1, 3, …; the check digit makes the sum a multiple of 10.
bool is_checked(std::string_view digits) {
    int sum = 0;
    int weight = 1;
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
        sum += weight * (*digit - '0');
        weight = 4 - weight;
    }
    return sum % 10 == 0;
}

}  // namespace

bool is_trade_length(std::size_t digits) {
    return digits == 8 || (digits >= 12 && digits <= kTradeDigits);
}

bool has_trade_length(std::string_view text) {
    return is_trade_length(digits_of(text).size());
}

std::optional<std::string> trade_number(std::string_view text) {
    const auto digits = digits_of(text);
    const bool zero = digits.find_first_not_of('0') == std::string::npos;
    if (!is_trade_length(digits.size()) || zero || !is_checked(digits)) return std::nullopt;
    return std::string(kTradeDigits - digits.size(), '0') + digits;
}

std::string part_number(std::string_view text) {
    std::string part;
    for (const char c : text) {
        if (is_digit(c) || is_letter(c)) part += ascii::lower(c);
    }
    const bool usable =
        part.size() >= kShortestPart && part.size() <= kLongestPart && has_digit(part);
    return usable ? part : std::string();
}

std::vector<std::string_view> identifiers_in(std::string_view cell) {
    std::vector<std::string_view> parts;
    while (!cell.empty()) {
        const auto end = std::min(cell.find_first_of("|;\n"), cell.size());
        if (end > 0) parts.push_back(cell.substr(0, end));
        cell.remove_prefix(std::min(end + 1, cell.size()));
    }
    return parts;
}

bool may_be_identifier(std::string_view text) {
    return text.size() <= kLongestAlone && has_digit(text) && !part_number(text).empty();
}

}  // namespace pmatch
