/// Internal to data/: the tokens of an SQL expression.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pmatch {

struct ConditionToken {
    enum class Kind {
        kName,  ///< bare or in quotes: price, "price", [price], `price`
        kNumber,
        kString,    ///< 'red'
        kOther,     ///< a blob or a parameter
        kOperator,  ///< also brackets and commas
        kEnd
    };
    Kind kind = Kind::kEnd;
    std::size_t begin = 0;  ///< in the condition
    std::size_t end = 0;
    bool quoted = false;  ///< kName
    std::string value;    ///< names and strings without quotes; keywords are compared in any case
};

/// The last one is kEnd. Comments and blanks are left out. What SQL does not know is an operator of
/// one byte.
std::vector<ConditionToken> condition_tokens(std::string_view condition);

/// Equal but for the case of ASCII letters, as SQL compares names.
bool same_name(std::string_view a, std::string_view b);

}  // namespace pmatch
