/// Internal to core: the words and units that name a product's attributes, and tokens of a title.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pmatch {

/// A unit as a multiple of its dimension's base unit: "kg" is 1000 of "mass".
struct UnitOfDimension {
    std::string_view dimension;
    double factor = 1;
};
/// `word` in lower case, or a mark for inch or foot.
std::optional<UnitOfDimension> unit_named(std::string_view word);

/// The canonical name of a clothing size ("small" is "s"), or empty.
std::string_view size_named(std::string_view word);

/// 0 to 12, or empty.
std::optional<double> number_named(std::string_view word);

/// Words that say nothing of which product it is: "with", "size", "colour".
bool is_filler(std::string_view word);

/// "1,024.50" is 1024.5, "1,5" is 1.5, "1,500" is 1500, "0,025" is .025; empty if it is no number.
std::optional<double> decimal_value(std::string_view written);

struct TitleToken {
    std::string written;
    std::string lower;  ///< ASCII letters only; an apostrophe inside is dropped
    std::string mark;   ///< of inch or foot, directly behind the token
};

/// Letters and digits, joined by single points, commas and hyphens inside. Bytes outside ASCII
/// count as letters, except the punctuation of U+0080 to U+00BF and U+2000 to U+203F.
std::vector<TitleToken> title_tokens(std::string_view title);

}  // namespace pmatch
