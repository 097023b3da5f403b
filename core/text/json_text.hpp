/// JSON as text.
#pragma once

#include <string>

namespace pmatch {

/// JSON holds UTF-8 alone, while paths, command lines and catalogs may hold any bytes: those that
/// are not UTF-8 become U+FFFD. On one line, or indented by `indent` blanks a level. `Json`: a
/// value of nlohmann::json's kind, which whoever calls includes.
template <typename Json>
std::string json_text(const Json& json, int indent = -1) {
    return json.dump(indent, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

}  // namespace pmatch
