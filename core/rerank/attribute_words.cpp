#include "core/rerank/attribute_words.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <utility>

#include "core/text/ascii.hpp"

namespace pmatch {
namespace {

struct Unit {
    std::string_view name;
    UnitOfDimension of;
};

constexpr double kThousand = 1e3;
constexpr double kMillion = 1e6;

constexpr auto kUnits = std::to_array<Unit>({
    {"\"", {"inch", 1}},
    {"''", {"inch", 1}},
    {"in", {"inch", 1}},
    {"inch", {"inch", 1}},
    {"inches", {"inch", 1}},
    {"zoll", {"inch", 1}},
    {"'", {"foot", 1}},
    {"ft", {"foot", 1}},
    {"feet", {"foot", 1}},
    {"foot", {"foot", 1}},
    {"mm", {"length", 1}},
    {"cm", {"length", 10}},
    {"m", {"length", kThousand}},
    {"meter", {"length", kThousand}},
    {"ml", {"volume", 1}},
    {"cl", {"volume", 10}},
    {"dl", {"volume", 100}},
    {"l", {"volume", kThousand}},
    {"liter", {"volume", kThousand}},
    {"litre", {"volume", kThousand}},
    {"liters", {"volume", kThousand}},
    {"litres", {"volume", kThousand}},
    {"cc", {"volume", 1}},
    {"g", {"mass", 1}},
    {"gram", {"mass", 1}},
    {"grams", {"mass", 1}},
    {"kg", {"mass", kThousand}},
    {"mg", {"mass", 1 / kThousand}},
    {"oz", {"ounce", 1}},
    {"ounce", {"ounce", 1}},
    {"ounces", {"ounce", 1}},
    {"lb", {"pound", 1}},
    {"lbs", {"pound", 1}},
    {"pound", {"pound", 1}},
    {"pounds", {"pound", 1}},
    {"gal", {"gallon", 1}},
    {"gallon", {"gallon", 1}},
    {"mb", {"bytes", 1}},
    {"gb", {"bytes", kThousand}},
    {"tb", {"bytes", kMillion}},
    {"hz", {"frequency", 1}},
    {"khz", {"frequency", kThousand}},
    {"mhz", {"frequency", kMillion}},
    {"ghz", {"frequency", kThousand* kMillion}},
    {"w", {"power", 1}},
    {"watt", {"power", 1}},
    {"watts", {"power", 1}},
    {"kw", {"power", kThousand}},
    {"v", {"voltage", 1}},
    {"volt", {"voltage", 1}},
    {"volts", {"voltage", 1}},
    {"mah", {"charge", 1}},
    {"ah", {"charge", kThousand}},
    {"mp", {"megapixel", 1}},
    {"megapixel", {"megapixel", 1}},
    {"megapixels", {"megapixel", 1}},
    {"bar", {"pressure", 1}},
    {"btu", {"btu", 1}},
    {"cu", {"cubic", 1}},
    {"cubic", {"cubic", 1}},
    {"port", {"port", 1}},
    {"ports", {"port", 1}},
    {"pk", {"pack", 1}},
    {"pack", {"pack", 1}},
    {"packs", {"pack", 1}},
    {"pc", {"piece", 1}},
    {"pcs", {"piece", 1}},
    {"piece", {"piece", 1}},
    {"pieces", {"piece", 1}},
    {"ct", {"piece", 1}},
    {"count", {"piece", 1}},
    {"sheet", {"sheet", 1}},
    {"sheets", {"sheet", 1}},
    {"hour", {"hour", 1}},
    {"hours", {"hour", 1}},
    {"hr", {"hour", 1}},
});

constexpr auto kSizes =
    std::to_array<std::pair<std::string_view, std::string_view>>({{"xxs", "xxs"},
                                                                  {"xs", "xs"},
                                                                  {"s", "s"},
                                                                  {"m", "m"},
                                                                  {"l", "l"},
                                                                  {"xl", "xl"},
                                                                  {"xxl", "xxl"},
                                                                  {"xxxl", "3xl"},
                                                                  {"2xl", "xxl"},
                                                                  {"3xl", "3xl"},
                                                                  {"4xl", "4xl"},
                                                                  {"small", "s"},
                                                                  {"medium", "m"},
                                                                  {"large", "l"}});

constexpr auto kNumbers =
    std::to_array<std::string_view>({"zero", "one", "two", "three", "four", "five", "six", "seven",
                                     "eight", "nine", "ten", "eleven", "twelve"});

constexpr auto kFillers =
    std::to_array<std::string_view>({"a", "an", "and", "by", "color", "colour", "for", "from", "in",
                                     "of", "on", "size", "the", "to", "with"});

using ascii::is_digit;

/// The end of a character of punctuation outside ASCII that begins at `at`; `at` if none does.
std::size_t behind_punctuation(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    if (byte(at) == 0xC2) return std::min(at + 2, text.size());
    if (byte(at) == 0xE2 && byte(at + 1) == 0x80) return std::min(at + 3, text.size());
    return at;
}

bool is_word_byte(std::string_view text, std::size_t at) {
    if (at >= text.size()) return false;
    const char c = text[at];
    if (ascii::is_alphanumeric(c)) return true;
    return static_cast<unsigned char>(c) >= 0x80 && behind_punctuation(text, at) == at;
}

/// Length of an apostrophe at `at`, plain or typographic; 0 if there is none.
std::size_t apostrophe_at(std::string_view text, std::size_t at) {
    if (at < text.size() && text[at] == '\'') return 1;
    return text.substr(at).starts_with("\xE2\x80\x99") ? 3 : 0;
}

std::string mark_at(std::string_view text, std::size_t at) {
    const auto rest = text.substr(at);
    if (rest.starts_with("''")) return "''";
    if (rest.starts_with('"') || rest.starts_with('\'')) return std::string(rest.substr(0, 1));
    return {};
}

/// Reads the token at `at`, which is a word's byte, and moves behind it.
TitleToken read_token(std::string_view text, std::size_t& at) {
    TitleToken token;
    while (at < text.size()) {
        const char c = text[at];
        const auto apostrophe = apostrophe_at(text, at);
        const bool after_digit = !token.written.empty() && is_digit(token.written.back());
        const bool joins = (c == '.' || c == ',' || c == '-') && is_word_byte(text, at + 1);
        if (joins || is_word_byte(text, at)) {
            token.written += c;
            ++at;
        } else if (apostrophe > 0 && !after_digit && is_word_byte(text, at + apostrophe)) {
            at += apostrophe;
        } else {
            break;
        }
    }
    token.lower = ascii::lowercase(token.written);
    token.mark = mark_at(text, at);
    return token;
}

}  // namespace

std::optional<UnitOfDimension> unit_named(std::string_view word) {
    const auto* const found = std::find_if(kUnits.begin(), kUnits.end(),
                                           [&](const Unit& unit) { return unit.name == word; });
    if (found == kUnits.end()) return std::nullopt;
    return found->of;
}

std::string_view size_named(std::string_view word) {
    for (const auto& [spelling, size] : kSizes) {
        if (spelling == word) return size;
    }
    return {};
}

std::optional<double> number_named(std::string_view word) {
    const auto* const found = std::find(kNumbers.begin(), kNumbers.end(), word);
    if (found == kNumbers.end()) return std::nullopt;
    return static_cast<double>(found - kNumbers.begin());
}

bool is_filler(std::string_view word) {
    return std::binary_search(kFillers.begin(), kFillers.end(), word);
}

std::optional<double> decimal_value(std::string_view written) {
    const auto comma = written.find(',');
    const bool only_comma = comma != std::string_view::npos &&
                            written.find(',', comma + 1) == std::string_view::npos &&
                            written.find('.') == std::string_view::npos;
    const bool thousands = written.size() - comma == 4 && !written.starts_with("0,");
    std::string plain;
    for (const char c : written) {
        if (c != ',') {
            plain += c;
        } else if (only_comma && !thousands) {
            plain += '.';
        }
    }
    double value = 0;
    const auto* const end = plain.data() + plain.size();
    const auto read = std::from_chars(plain.data(), end, value, std::chars_format::fixed);
    if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
    return value;
}

std::vector<TitleToken> title_tokens(std::string_view title) {
    std::vector<TitleToken> tokens;
    for (std::size_t at = 0; at < title.size();) {
        if (is_word_byte(title, at)) {
            tokens.push_back(read_token(title, at));
            continue;
        }
        at = std::max(at + 1, behind_punctuation(title, at));
    }
    return tokens;
}

}  // namespace pmatch
