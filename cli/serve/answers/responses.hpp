/// Responses of the service.
#pragma once

#include <string>
#include <string_view>

#include "cli/serve/http/http_message.hpp"
#include "core/common/error.hpp"

namespace pmatch::cli {

HttpResponse response(int status, std::string_view type, std::string body);

/// What went wrong and what to do, as RFC 9457 has it: application/problem+json with the members
/// type, title, status, detail and fix.
HttpResponse problem(int status, std::string_view detail, std::string_view fix);

/// Of an Error: 422 for a UsageError, its own status for a RequestError, else 500.
HttpResponse problem(const Error& error);

}  // namespace pmatch::cli
