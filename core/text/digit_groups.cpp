#include "core/text/digit_groups.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <system_error>

#include "core/text/ascii.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kThousand = 3;  // digits

/// The length of a blank or an apostrophe at the beginning, 0 if there is none.
std::size_t length_of_gap(std::string_view text) {
    constexpr auto kGaps = std::to_array<std::string_view>(
        {" ", "'", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89", "\xE2\x80\x99"});
    for (const auto gap : kGaps) {
        if (text.starts_with(gap)) return gap.size();
    }
    return 0;
}

std::size_t count_of_digits(std::string_view text) {
    return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), ascii::is_digit) -
                                    text.begin());
}

}  // namespace

DigitGroups::DigitGroups(std::string_view text, std::size_t begin) : end_(begin) {
    while (take_digits(text) && take_separator(text)) {
    }
}

bool DigitGroups::take_digits(std::string_view text) {
    const auto size = count_of_digits(text.substr(end_));
    groups_[count_++] = text.substr(end_, size);
    end_ += size;
    return count_ < kMost;
}

bool DigitGroups::take_separator(std::string_view text) {
    const auto rest = text.substr(end_);
    if (rest.size() > 1 && (rest[0] == '.' || rest[0] == ',') && ascii::is_digit(rest[1])) {
        separators_[count_] = rest[0];
        ++end_;
        return true;
    }
    const auto gap = length_of_gap(rest);
    const bool first_or_alike = count_ == 1 || separators_[count_ - 1] == ' ';
    if (gap == 0 || !first_or_alike || count_of_digits(rest.substr(gap)) != kThousand) return false;
    separators_[count_] = ' ';
    if (!are_thousands(count_)) return false;
    end_ += gap;
    return true;
}

bool DigitGroups::are_thousands(std::size_t count) const {
    const auto& first = groups_[0];
    if (count == 1) return first.size() <= kThousand && !first.starts_with('0');
    if (first.empty() || first.size() > kThousand || first.starts_with('0')) return false;
    bool by_three = true;
    bool by_two = separators_[1] == ',';  // 12,34,567 in India
    for (std::size_t i = 1; i < count; ++i) {
        if (separators_[i] != separators_[1]) return false;
        by_three = by_three && groups_[i].size() == kThousand;
        by_two = by_two && groups_[i].size() == (i + 1 == count ? kThousand : 2);
    }
    return by_three || by_two;
}

bool DigitGroups::may_be_decimal() const {
    if (count_ == 1 || separators_[count_ - 1] == ' ') return false;
    if (count_ == 2) return true;
    return separators_[count_ - 1] != separators_[count_ - 2] && are_thousands(count_ - 1);
}

bool DigitGroups::must_be_decimal() const {
    return may_be_decimal() && (count_ > 2 || !are_thousands(count_));
}

std::optional<DecimalMark> DigitGroups::mark() const {
    if (count_ == 1) return std::nullopt;
    const char last = separators_[count_ - 1];
    if (must_be_decimal()) return static_cast<DecimalMark>(last);
    if (count_ == 2 || last == ' ' || !are_thousands(count_)) return std::nullopt;
    return last == ',' ? DecimalMark::kPoint : DecimalMark::kComma;
}

std::optional<double> DigitGroups::value(DecimalMark mark) const {
    const bool decimal = must_be_decimal() ||
                         (may_be_decimal() && separators_[count_ - 1] == static_cast<char>(mark));
    if (!decimal && count_ > 1 && !are_thousands(count_)) return std::nullopt;
    std::string plain;
    for (std::size_t i = 0; i < count_; ++i) {
        if (decimal && i + 1 == count_) plain += '.';
        plain += groups_[i];
    }
    double value = 0;
    const auto [stop, error] = std::from_chars(plain.data(), plain.data() + plain.size(), value);
    if (error != std::errc{} || !std::isfinite(value)) return std::nullopt;
    return value;
}

}  // namespace pmatch
