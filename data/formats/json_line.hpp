/// One line of a JSONL file.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/common/problem.hpp"

namespace pmatch {

/// A value as text: strings unchanged, numbers as written (58.40 stays 58.40), true and false as
/// words, null empty, arrays and objects as compact JSON.
struct JsonValue {
    std::string text;
    std::vector<std::string> strings;  ///< the elements if the value is an array of strings only
};

struct JsonLine {
    std::vector<std::pair<std::string, JsonValue>> members;  ///< in the order of the line
    Problem problem;                                         ///< bad_json, invalid_utf8
};

/// Never throws for a bad line. Duplicate keys are bad_json, as the intended value is unknown.
JsonLine parse_json_line(std::string_view line);

}  // namespace pmatch
