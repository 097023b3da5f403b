/// Cells of CSV as RFC 4180 has them.
#pragma once

#include <string>

namespace pmatch::cli {

/// Quoted where it must be.
inline std::string csv_cell(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

}  // namespace pmatch::cli
