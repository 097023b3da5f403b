/// Internal to core: extracts model numbers, numbers with units, and colours from product texts.
/// ASCII is case-folded; other bytes count as letters.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/written_number.hpp"

namespace pmatch {

std::uint64_t term_hash(std::string_view bytes);

/// Letters and digits only, in lower case.
std::string compact(std::string_view text);

/// Tokens with digits, separated by blanks, commas, brackets and slashes, and compacted: at least
/// three characters including a letter, or five digits. Ascending, without duplicates.
std::vector<std::string> model_numbers(std::string_view text);

constexpr std::size_t kShortestInside = 4;  ///< shorter model numbers occur in any text by chance
constexpr std::size_t kFewestCommon = 3;    ///< shorter common prefixes or suffixes are ignored

/// Length of the common prefix, or suffix.
std::size_t common_begin(std::string_view a, std::string_view b);
std::size_t common_end(std::string_view a, std::string_view b);

/// Size of the intersection of two ascending lists.
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
    std::vector<std::uint64_t> units;    ///< hashes of number and unit
    std::vector<std::uint64_t> kinds;    ///< hashes of the units only
    std::vector<std::uint64_t> numbers;  ///< hashes of all numbers, with or without unit
};
/// "19 inch", "19in", "19\"" are equal; numbers are compared as written, without thousands
/// separators and trailing zeros.
Measures measures_of(std::string_view text, DecimalMark mark);
/// Shows the numbers with a unit to the vote: "1,5 l". Numbers alone may be lists, "1,2,3".
void observe_measures(std::string_view text, DecimalMarkVote& vote);

bool is_colour(std::string_view word);

/// The first number in the text: "$1,299.00" gives 1299; 0 if there is none.
double price_in(std::string_view text, DecimalMark mark);

}  // namespace pmatch
