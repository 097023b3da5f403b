/// Internal to core: how the matcher cuts a text into what shops write: model numbers, numbers
/// with units, colours. ASCII is folded; other bytes count as letters.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pmatch {

std::uint64_t term_hash(std::string_view bytes);

/// Letters and digits in lower case, nothing between them.
std::string compact(std::string_view text);

/// Tokens between blanks, commas, brackets and slashes that hold a digit, compacted: at least
/// three characters with a letter among them, or five digits. Ascending, once each.
std::vector<std::string> model_numbers(std::string_view text);

constexpr std::size_t kShortestInside = 4;  ///< shorter model numbers are inside of anything
constexpr std::size_t kFewestCommon = 3;    ///< two that share fewer characters share none

/// How many characters two begin with, or end with.
std::size_t common_begin(std::string_view a, std::string_view b);
std::size_t common_end(std::string_view a, std::string_view b);

/// How many values two ascending lists have in common.
template <typename Value>
float common(const std::vector<Value>& a, const std::vector<Value>& b) {
    float count = 0;
    for (auto x = a.begin(), y = b.begin(); x != a.end() && y != b.end();) {
        if (*x == *y) {
            ++count;
            ++x;
            ++y;
        } else {
            *x < *y ? ++x : ++y;
        }
    }
    return count;
}

struct Measures {
    std::vector<std::uint64_t> units;    ///< number and unit together
    std::vector<std::uint64_t> kinds;    ///< units alone
    std::vector<std::uint64_t> numbers;  ///< every number, with or without one
};
/// "19 inch", "19in", "19\"" are the same; numbers are compared as written without thousands'
/// commas and trailing zeros.
Measures measures_of(std::string_view text);

bool is_colour(std::string_view word);

/// The first number in the text: "$1,299.00" gives 1299; 0 when there is none.
double price_in(std::string_view text);

}  // namespace pmatch
