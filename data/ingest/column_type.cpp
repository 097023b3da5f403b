#include "data/ingest/column_type.hpp"

#include <algorithm>

#include "core/identifiers/identifier.hpp"
#include "core/text/ascii.hpp"
#include "data/formats/parse_number.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kDigitsOfDouble = 15;  ///< a double keeps any number of so many digits
constexpr std::size_t kShortestName = 8;     ///< numbers of one length from here on are names
constexpr std::size_t kSurelyAName = 12;     ///< even if there is only one of them
constexpr std::size_t kLongestCell = 64;     ///< longer cells are no numbers

/// How many digits a whole number has, 0 if the cell is something else.
std::size_t digits_of(std::string_view cell) {
    return ascii::all_digits(cell) ? cell.size() : 0;
}

bool is_long_with_sign(std::string_view cell) {
    return cell.starts_with('-') && digits_of(cell.substr(1)) > kDigitsOfDouble;
}

}  // namespace

std::optional<double> number_in_cell(std::string_view cell, DecimalMark mark) {
    const auto written = written_number(cell, mark);
    return written ? written : parse_number(cell);
}

void ColumnTypeLearner::count_digits(std::size_t digits, bool zero_first) {
    ++digits_;
    if (zero_first && digits > 1) ++zero_first_;
    if (digits > kDigitsOfDouble) ++long_;
    shortest_ = std::min(shortest_, digits);
    longest_ = std::max(longest_, digits);
    trade_lengths_ = trade_lengths_ && is_trade_length(digits);
}

void ColumnTypeLearner::observe(std::string_view cell) {
    if (cell.empty()) return;
    ++filled_;
    if (cell.size() > kLongestCell) return;
    const auto digits = digits_of(cell);
    if (digits > 0) {
        count_digits(digits, cell.front() == '0');
        ++plain_;
        ++fit_;
        return;
    }
    const bool plain = parse_number(cell).has_value();
    if (!plain && !written_number(cell, DecimalMark::kPoint)) return;
    ++fit_;
    if (plain) ++plain_;
    if (is_long_with_sign(cell)) ++long_;
    vote_.observe(cell);
}

bool ColumnTypeLearner::has_identifiers() const {
    if (long_ > 0) return true;
    const bool alone = digits_ == fit_;  // no 9.50 beside 007
    if (!alone || digits_ == 0) return false;
    const bool one_length = shortest_ == longest_ && shortest_ >= kShortestName;
    const bool enough = digits_ > 1 || shortest_ >= kSurelyAName;
    return zero_first_ > 0 || (enough && (one_length || trade_lengths_));
}

ColumnType ColumnTypeLearner::type() const {
    if (fit_ == 0 || 2 * fit_ < filled_) return ColumnType::kText;
    if (2 * digits_ >= filled_ && has_identifiers()) return ColumnType::kIdentifier;
    if (long_ > 0) return ColumnType::kTextAndNumber;
    return plain_ == filled_ ? ColumnType::kNumber : ColumnType::kTextAndNumber;
}

}  // namespace pmatch
