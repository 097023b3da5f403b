#include "core/rerank/product_tokens.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "core/text/ascii.hpp"
#include "core/text/digit_groups.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kShortestModel = 3;
constexpr std::size_t kShortestNumberAsModel = 5;
constexpr std::size_t kLongestModel = 32;

using ascii::is_digit;
using ascii::lower;

bool is_letter(char c) {
    return ascii::is_letter(c) || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

bool ends_token(char c) {
    return static_cast<unsigned char>(c) <= ' ' ||
           std::string_view(",;:/\\|()[]{}<>\"'").find(c) != std::string_view::npos;
}

/// Spellings of units and their canonical forms.
constexpr auto kUnits = std::to_array<std::pair<std::string_view, std::string_view>>(
    {{"\"", "in"},        {"''", "in"},         {"amp", "a"},        {"amps", "a"},
     {"bit", "bit"},      {"bits", "bit"},      {"btu", "btu"},      {"cc", "cc"},
     {"cl", "cl"},        {"cm", "cm"},         {"ct", "pc"},        {"count", "pc"},
     {"cu", "cu"},        {"cubic", "cu"},      {"cup", "cup"},      {"cups", "cup"},
     {"db", "db"},        {"disc", "disc"},     {"dpi", "dpi"},      {"feet", "ft"},
     {"foot", "ft"},      {"ft", "ft"},         {"'", "ft"},         {"fps", "fps"},
     {"g", "g"},          {"gal", "gal"},       {"gallon", "gal"},   {"gb", "gb"},
     {"ghz", "ghz"},      {"gram", "g"},        {"grams", "g"},      {"hour", "h"},
     {"hours", "h"},      {"hp", "hp"},         {"hz", "hz"},        {"in", "in"},
     {"inch", "in"},      {"inches", "in"},     {"kg", "kg"},        {"khz", "khz"},
     {"l", "l"},          {"lb", "lb"},         {"lbs", "lb"},       {"liter", "l"},
     {"litre", "l"},      {"m", "m"},           {"mah", "mah"},      {"mb", "mb"},
     {"megapixel", "mp"}, {"megapixels", "mp"}, {"meter", "m"},      {"mhz", "mhz"},
     {"ml", "ml"},        {"mm", "mm"},         {"mp", "mp"},        {"ms", "ms"},
     {"ohm", "ohm"},      {"ounce", "oz"},      {"oz", "oz"},        {"pack", "pk"},
     {"pk", "pk"},        {"port", "port"},     {"ports", "port"},   {"quart", "qt"},
     {"rpm", "rpm"},      {"sheet", "sheet"},   {"sheets", "sheet"}, {"tb", "tb"},
     {"v", "v"},          {"volt", "v"},        {"w", "w"},          {"watt", "w"},
     {"watts", "w"},      {"x", "x"},           {"yd", "yd"},        {"channel", "channel"}});

constexpr auto kColours = std::to_array<std::string_view>(
    {// ascending

     "beige",  "black",    "blue",      "bronze",  "brown",  "burgundy",  "charcoal",
     "chrome", "copper",   "cream",     "cyan",    "gold",   "graphite",  "gray",
     "green",  "grey",     "ivory",     "magenta", "maroon", "navy",      "orange",
     "pink",   "platinum", "purple",    "red",     "silver", "stainless", "tan",
     "teal",   "titanium", "turquoise", "violet",  "white",  "yellow"});

std::string_view unit_of(std::string_view word) {
    for (const auto& [spelling, unit] : kUnits) {
        if (spelling == word) return unit;
    }
    return {};
}

/// "1,024.50" → "1024.5"; with decimal commas "1.024,50". A number that must be understood
/// otherwise, "2.5" among decimal commas, is.
std::string plain_number(std::string_view written, DecimalMark mark) {
    std::string plain;
    if (mark == DecimalMark::kComma) mark = DigitGroups(written, 0).mark_among(mark);
    const char decimal = static_cast<char>(mark);
    for (const char c : written) {
        if (is_digit(c)) plain += c;
        if (c == decimal) plain += '.';
    }
    if (plain.find('.') != std::string::npos) {
        while (plain.back() == '0')
            plain.pop_back();
        if (plain.back() == '.') plain.pop_back();
    }
    return plain;
}

void sort_once(std::vector<std::uint64_t>& values) {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
}

/// The end of the number at `at`: digits, and single points or commas between digits.
std::size_t end_of_number(std::string_view text, std::size_t at) {
    while (at < text.size()) {
        const bool inside =
            (text[at] == '.' || text[at] == ',') && at + 1 < text.size() && is_digit(text[at + 1]);
        if (!is_digit(text[at]) && !inside) break;
        ++at;
    }
    return at;
}

/// The unit after a number, skipping one blank or hyphen.
std::string_view unit_behind(std::string_view text, std::size_t at, std::string& word) {
    word.clear();
    if (at < text.size() && (text[at] == ' ' || text[at] == '-')) ++at;
    if (at < text.size() && (text[at] == '"' || text[at] == '\'')) {
        word = text[at];
        if (at + 1 < text.size() && text[at + 1] == '\'') word += '\'';
        return unit_of(word);
    }
    while (at < text.size() && is_letter(text[at]) && word.size() < 12)
        word += lower(text[at++]);
    if (at < text.size() && is_digit(text[at])) return {};
    return unit_of(word);
}

/// Calls take(number, unit) for each number that is no part of a word; the unit may be empty.
template <typename Take>
void for_each_measure(std::string_view text, const Take& take) {
    std::string word;
    for (std::size_t at = 0; at < text.size();) {
        if (!is_digit(text[at])) {
            ++at;
            continue;
        }
        const bool in_word = at > 0 && is_letter(text[at - 1]);
        const auto begin = std::exchange(at, end_of_number(text, at));
        if (in_word) continue;
        const auto unit = unit_behind(text, at, word);
        const bool part_of_word = at < text.size() && is_letter(text[at]) && unit.empty();
        if (!part_of_word) take(text.substr(begin, at - begin), unit);
    }
}

}  // namespace

std::uint64_t term_hash(std::string_view bytes) {
    std::uint64_t hash = 0xCBF29CE484222325U;  // FNV-1a
    for (const char c : bytes)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
    return hash;
}

std::string compact(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (is_digit(c) || is_letter(c)) result += lower(c);
    }
    return result;
}

std::vector<std::string> model_numbers(std::string_view text) {
    std::vector<std::string> found;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        while (end < text.size() && !ends_token(text[end]))
            ++end;
        const auto token = compact(text.substr(at, end - at));
        at = end + 1;
        const auto digits = std::count_if(token.begin(), token.end(), is_digit);
        const bool mixed = static_cast<std::size_t>(digits) < token.size();
        const auto shortest = mixed ? kShortestModel : kShortestNumberAsModel;
        if (digits > 0 && token.size() >= shortest && token.size() <= kLongestModel)
            found.push_back(token);
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

std::size_t common_begin(std::string_view a, std::string_view b) {
    const auto ends = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    return static_cast<std::size_t>(ends.first - a.begin());
}

std::size_t common_end(std::string_view a, std::string_view b) {
    const auto ends = std::mismatch(a.rbegin(), a.rend(), b.rbegin(), b.rend());
    return static_cast<std::size_t>(ends.first - a.rbegin());
}

Measures measures_of(std::string_view text, DecimalMark mark) {
    Measures found;
    for_each_measure(text, [&](std::string_view written, std::string_view unit) {
        const auto number = plain_number(written, mark);
        found.numbers.push_back(term_hash(number));
        if (unit.empty()) return;
        found.units.push_back(term_hash(number + ' ' + std::string(unit)));
        found.kinds.push_back(term_hash(unit));
    });
    sort_once(found.units);
    sort_once(found.kinds);
    sort_once(found.numbers);
    return found;
}

bool is_colour(std::string_view word) {
    return std::binary_search(kColours.begin(), kColours.end(), word);
}

void observe_measures(std::string_view text, DecimalMarkVote& vote) {
    for_each_measure(text, [&](std::string_view written, std::string_view unit) {
        if (!unit.empty()) vote.observe(written);
    });
}

double price_in(std::string_view text, DecimalMark mark) {
    const auto begin = std::find_if(text.begin(), text.end(), is_digit);
    if (begin == text.end()) return 0;
    if (const auto price = first_number(text, mark)) return *price;
    // Its separators make no sense: as far as it is a number.
    const auto at = static_cast<std::size_t>(begin - text.begin());
    const auto number = plain_number(text.substr(at, end_of_number(text, at) - at), mark);
    double value = 0;
    std::from_chars(number.data(), number.data() + number.size(), value);
    return value;
}

}  // namespace pmatch
