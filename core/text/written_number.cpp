#include "core/text/written_number.hpp"

#include <algorithm>
#include <array>

#include "core/text/ascii.hpp"
#include "core/text/digit_groups.hpp"

namespace pmatch {
namespace {

/// Longer texts are no number.
constexpr std::size_t kLongest = 64;

/// In lower case, as far as they are ASCII.
constexpr auto kCurrencies = std::to_array<std::string_view>(
    {"€",   "$",   "£",   "¥",   "₹",   "₽", "₩",   "₺",   "₪",   "₫",   "฿",   "₴",   "₱",
     "₦",   "zł",  "kč",  "kr",  "kr.", "ft",  "fr",  "fr.", "sfr", "rs",  "rs.", "lei", "us$",
     "a$",  "au$", "c$",  "ca$", "nz$", "hk$", "s$",  "r$",  "eur", "usd", "gbp", "chf", "jpy",
     "cny", "rmb", "inr", "rub", "krw", "try", "pln", "czk", "huf", "ron", "bgn", "sek", "nok",
     "dkk", "isk", "aud", "cad", "nzd", "hkd", "sgd", "brl", "лв",  "лв.", "mxn", "zar", "ils",
     "thb", "uah", "aed", "sar", "php", "idr", "myr", "vnd", "twd"});

/// What stands behind a price without decimals: "149,-".
constexpr auto kDashes =
    std::to_array<std::string_view>({",--", ".--", ",-", ".-", ",–", ",—", ".–", ".—"});

using ascii::lower;

std::string_view without_blanks(std::string_view text) {
    constexpr auto kBlanks =
        std::to_array<std::string_view>({" ", "\t", "\xC2\xA0", "\xE2\x80\xAF"});
    for (bool more = true; more;) {
        more = false;
        for (const auto blank : kBlanks) {
            if (text.starts_with(blank)) {
                text.remove_prefix(blank.size());
                more = true;
            } else if (text.ends_with(blank)) {
                text.remove_suffix(blank.size());
                more = true;
            }
        }
    }
    return text;
}

bool is_currency(std::string_view text) {
    return std::any_of(kCurrencies.begin(), kCurrencies.end(), [&](std::string_view one) {
        return std::equal(one.begin(), one.end(), text.begin(), text.end(),
                          [](char a, char b) { return a == lower(b); });
    });
}

/// Takes a sign away from the end of what stands before a number.
bool take_minus(std::string_view& before) {
    constexpr std::string_view kMinus = "\xE2\x88\x92";
    if (before.ends_with('+')) before.remove_suffix(1);
    const auto size = before.ends_with('-') ? 1 : before.ends_with(kMinus) ? kMinus.size() : 0;
    before.remove_suffix(size);
    return size > 0;
}

std::string_view without_dash(std::string_view behind) {
    for (const auto dash : kDashes) {
        if (behind.starts_with(dash)) return behind.substr(dash.size());
    }
    return behind;
}

std::size_t first_digit(std::string_view text) {
    return static_cast<std::size_t>(std::find_if(text.begin(), text.end(), ascii::is_digit) -
                                    text.begin());
}

}  // namespace

std::optional<double> written_number(std::string_view text, DecimalMark mark) {
    if (text.empty() || text.size() > kLongest) return std::nullopt;
    const auto begin = first_digit(text);
    if (begin == text.size()) return std::nullopt;
    auto before = without_blanks(text.substr(0, begin));
    bool negative = take_minus(before);
    before = without_blanks(before);
    if (!negative && before.starts_with('-')) {
        negative = true;
        before = without_blanks(before.substr(1));
    }
    const DigitGroups number(text, begin);
    const auto behind = without_blanks(without_dash(text.substr(number.end())));
    const bool alone =
        (before.empty() || is_currency(before)) && (behind.empty() || is_currency(behind));
    if (!alone) return std::nullopt;
    const auto value = number.value(mark);
    return value && negative ? -*value : value;
}

std::optional<double> first_number(std::string_view text, DecimalMark mark) {
    const auto begin = first_digit(text);
    if (begin == text.size()) return std::nullopt;
    return DigitGroups(text, begin).value(mark);
}

void DecimalMarkVote::observe(std::string_view text) {
    const auto begin = first_digit(text);
    if (begin == text.size()) return;
    const auto mark = DigitGroups(text, begin).mark();
    if (!mark) return;
    ++(*mark == DecimalMark::kComma ? commas_ : points_);
}

}  // namespace pmatch
