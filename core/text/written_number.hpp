/// Numbers as people write them: "1.299,00 €", "$12.99", "149,-", "1 299.00", "1'299".
///
/// A separator says itself what it is, except for a single point or comma before exactly three
/// digits: "1,500" is 1500 in one shop and 1.5 in another. What it is there, the other numbers of
/// the column tell.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace pmatch {

enum class DecimalMark : char { kPoint = '.', kComma = ',' };

/// The whole text as one number, with or without a currency; `mark` decides where the text does
/// not.
std::optional<double> written_number(std::string_view text, DecimalMark mark);

/// The number that begins with the first digit in the text, whatever follows it.
std::optional<double> first_number(std::string_view text, DecimalMark mark);

/// Learns a column's decimal mark from its numbers.
class DecimalMarkVote {
public:
    /// Takes the number that begins with the first digit in the text, if it says what its mark is.
    void observe(std::string_view text);
    /// That of most numbers; a point if as many have either.
    DecimalMark mark() const {
        return commas_ > points_ ? DecimalMark::kComma : DecimalMark::kPoint;
    }

private:
    std::int64_t points_ = 0;
    std::int64_t commas_ = 0;
};

}  // namespace pmatch
