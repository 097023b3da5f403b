#include "cli/serve/answers/responses.hpp"

#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "cli/serve/http/request_error.hpp"
#include "cli/serve/requests/uploaded_picture.hpp"
#include "cli/terminal/remedy_text.hpp"
#include "core/text/json_text.hpp"

namespace pmatch::cli {
namespace {

/// The names of RFC 9110.
const char* title_of(int status) {
    switch (status) {
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 413:
            return "Content Too Large";
        case 415:
            return "Unsupported Media Type";
        case 422:
            return "Unprocessable Content";
        case 429:
            return "Too Many Requests";
        case 503:
            return "Service Unavailable";
        case 504:
            return "Gateway Timeout";
        default:
            return "Internal Server Error";
    }
}

}  // namespace

HttpResponse response(int status, std::string_view type, std::string body) {
    return {status,
            {{"Content-Type", std::string(type)}},
            std::make_shared<const std::string>(std::move(body))};
}

HttpResponse problem(int status, std::string_view detail, std::string_view fix) {
    const nlohmann::ordered_json body{{"type", "about:blank"},
                                      {"title", title_of(status)},
                                      {"status", status},
                                      {"detail", without_paths(std::string(detail))},
                                      {"fix", fix}};
    return response(status, "application/problem+json", json_text(body) + "\n");
}

HttpResponse problem(const Error& error) {
    const auto fix = text_of(error.remedy());
    if (const auto* request = dynamic_cast<const RequestError*>(&error))
        return problem(request->status(), error.what(), fix);
    const bool asked_wrongly = dynamic_cast<const UsageError*>(&error) != nullptr;
    return problem(asked_wrongly ? 422 : 500, error.what(), fix);
}

}  // namespace pmatch::cli
