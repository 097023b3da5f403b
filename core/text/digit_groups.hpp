/// Internal to core: groups of digits and what separates them.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "core/text/written_number.hpp"

namespace pmatch {

/// "1.299,00": three groups behind '.' and ','. A blank or an apostrophe of any kind is ' '.
class DigitGroups {
public:
    /// The number at `text[begin]`, which is a digit. Blanks and apostrophes belong to it only
    /// where they separate thousands.
    DigitGroups(std::string_view text, std::size_t begin);

    /// Where the number ends in the text.
    std::size_t end() const { return end_; }
    /// Its decimal mark, if it says it: by having one, or by the other one between its thousands.
    std::optional<DecimalMark> mark() const;
    /// The decimal mark that it has or, where it does not say, that of the column.
    DecimalMark mark_among(DecimalMark column) const { return mark().value_or(column); }
    /// Empty if the separators make no sense, as in "1.2.3".
    std::optional<double> value(DecimalMark mark) const;

private:
    static constexpr std::size_t kMost = 12;

    bool take_digits(std::string_view text);
    bool take_separator(std::string_view text);
    /// The first `count` groups are "1", "12" or "123" and then thousands.
    bool are_thousands(std::size_t count) const;
    /// Whether the last separator may be a decimal mark, and whether it must.
    bool may_be_decimal() const;
    bool must_be_decimal() const;

    std::array<std::string_view, kMost> groups_;
    std::array<char, kMost> separators_{};  ///< [i] is before groups_[i]
    std::size_t count_ = 0;
    std::size_t end_;
};

}  // namespace pmatch
