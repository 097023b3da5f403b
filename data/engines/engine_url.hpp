/// Addresses of engines, as people write them and as they may be shown.
#pragma once

#include <string>
#include <string_view>

namespace pmatch {

/// "postgresql://…" or "postgres://…"; anything else that --engine takes is a name.
bool is_engine_url(std::string_view text);

/// The address without passwords, neither user:PASSWORD@ nor ?password=…: what is shown, logged
/// and recorded.
std::string url_without_password(std::string_view url);

}  // namespace pmatch
