/// Locale-independent parsing of numbers.
#pragma once

#include <optional>
#include <string_view>

namespace pmatch {

/// The whole text as a finite decimal number, with an optional leading `+`.
std::optional<double> parse_number(std::string_view text);

}  // namespace pmatch
