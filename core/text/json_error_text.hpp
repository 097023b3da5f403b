/// Error messages of JSON parsing, for people.
#pragma once

#include <exception>
#include <string>

namespace pmatch {

/// The message of an nlohmann::json exception without its code in brackets
/// ("[json.exception.parse_error.101] parse error at line 1 …").
inline std::string json_complaint(const std::exception& error) {
    std::string words = error.what();
    if (words.starts_with("[json.exception.")) words.erase(0, words.find("] ") + 2);
    return words;
}

}  // namespace pmatch
