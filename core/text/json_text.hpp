/// Serialises JSON.
#pragma once

#include <string>

namespace pmatch {

/// JSON must be UTF-8, while paths, command lines and catalogs may contain any bytes: invalid UTF-8
/// becomes U+FFFD. On one line, or indented by `indent` blanks per level. `Json`: an nlohmann::json
/// type, whose header the caller includes.
template <typename Json>
std::string json_text(const Json& json, int indent = -1) {
    return json.dump(indent, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

}  // namespace pmatch
