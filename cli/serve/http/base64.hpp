/// Bytes in text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pmatch::cli {

/// RFC 4648, with or without padding, of the standard or the URL alphabet. Empty for anything else.
std::optional<std::string> base64_decoded(std::string_view text);

/// Of the standard alphabet, with padding.
std::string base64_encoded(std::string_view bytes);

}  // namespace pmatch::cli
