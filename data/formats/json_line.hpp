/// One line of a JSONL file.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/common/problem.hpp"

namespace pmatch {

/// A value as text: a string as it is, a number as the file has it (58.40 stays 58.40), true and
/// false as these words, null empty, arrays and objects as compact JSON.
struct JsonValue {
    std::string text;
    std::vector<std::string> strings;  ///< an array of nothing but strings: these; else empty
};

struct JsonLine {
    std::vector<std::pair<std::string, JsonValue>> members;  ///< in the order of the line
    Problem problem;                                         ///< bad_json, invalid_utf8
};

/// Nothing is thrown for a bad line. A key that is there twice is bad_json: nobody can tell
/// which value is meant.
JsonLine parse_json_line(std::string_view line);

}  // namespace pmatch
