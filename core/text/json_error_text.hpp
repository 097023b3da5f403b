/// What was wrong with a JSON text, for people.
#pragma once

#include <exception>
#include <string>

namespace pmatch {

/// What an exception of nlohmann::json says, without the code in brackets before it
/// ("[json.exception.parse_error.101] parse error at line 1 …").
inline std::string json_complaint(const std::exception& error) {
    std::string words = error.what();
    if (words.starts_with("[json.exception.")) words.erase(0, words.find("] ") + 2);
    return words;
}

}  // namespace pmatch
