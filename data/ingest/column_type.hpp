/// The type of a column, learned from its cells.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/text/written_number.hpp"

namespace pmatch {

enum class ColumnType {
    kText,
    kNumber,         ///< every cell is a plain number
    kTextAndNumber,  ///< most cells are numbers as people write them: "1.299,00 €"
    kIdentifier      ///< digits that are a name: "0012345678905"
};

/// The cell's number: plain, or as people write them.
std::optional<double> number_in_cell(std::string_view cell, DecimalMark mark);

/// Counts the cells of one column. Empty ones are absent and say nothing.
class ColumnTypeLearner {
public:
    void observe(std::string_view cell);

    ColumnType type() const;
    /// Of kTextAndNumber.
    DecimalMark mark() const { return vote_.mark(); }
    /// Cells that are no number at all.
    std::int64_t unfit() const { return filled_ - fit_; }

private:
    void count_digits(std::size_t digits, bool zero_first);
    /// Whether numbers of digits alone look like names.
    bool has_identifiers() const;

    std::int64_t filled_ = 0;
    std::int64_t fit_ = 0;     ///< numbers of any kind
    std::int64_t plain_ = 0;   ///< numbers that parse_number() reads
    std::int64_t digits_ = 0;  ///< numbers of digits alone
    std::int64_t zero_first_ = 0;
    std::int64_t long_ = 0;            ///< more digits than a double keeps
    std::size_t shortest_ = SIZE_MAX;  ///< of the numbers of digits alone
    std::size_t longest_ = 0;
    bool trade_lengths_ = true;  ///< all of these have a length of trade item numbers
    DecimalMarkVote vote_;
};

}  // namespace pmatch
