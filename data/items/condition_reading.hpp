/// Internal to data/: reads columns that are text and number as what a condition compares them
/// with.
///
/// SQLite alone would compare such a column, which is TEXT, by letters: '1500.00' < '50'. Here
///   price < 50, price between 5 and 9, price = 9.99    compare its numbers; a cell without one is
///                                                       NULL, so that nothing holds for it
///   price like '%EUR', price = '9.99 EUR', length(price)    take its texts
///   gtin = 12345678905    of an identifier takes its text: the digits as they are written
///   gtin > 12345678905    compares numbers
#pragma once

#include <string>
#include <vector>

#include "data/collection/manifest.hpp"

namespace pmatch {

struct ReadCondition {
    std::string sql;                             ///< the condition, with the column of each reading
    std::vector<const FieldRecord*> as_numbers;  ///< text and number, read as number; each once
    /// Texts compared in order with a number, or text and number with a word.
    std::vector<const FieldRecord*> by_letters;
};

/// `condition` is an expression that SQLite accepts. Throws std::invalid_argument with a reason if
/// it is too unusual to be read. `fields` must outlive the result.
ReadCondition read_condition(const std::string& condition, const std::vector<FieldRecord>& fields);

}  // namespace pmatch
