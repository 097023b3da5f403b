#include "data/engines/engine_url.hpp"

#include <algorithm>

namespace pmatch {
namespace {

/// Parameters of libpq that are secrets: its documentation, "Database Connection Control
/// Functions".
bool is_secret(std::string_view parameter) {
    const auto name = parameter.substr(0, parameter.find('='));
    return name == "password" || name == "sslpassword" || name == "oauth_client_secret";
}

std::string without_secrets(std::string_view parameters) {
    std::string kept;
    while (!parameters.empty()) {
        const auto end = std::min(parameters.find('&'), parameters.size());
        const auto one = parameters.substr(0, end);
        parameters.remove_prefix(std::min(end + 1, parameters.size()));
        if (one.empty() || is_secret(one)) continue;
        kept += (kept.empty() ? "?" : "&") + std::string(one);
    }
    return kept;
}

}  // namespace

bool is_engine_url(std::string_view text) {
    return text.starts_with("postgresql://") || text.starts_with("postgres://");
}

std::string url_without_password(std::string_view url) {
    const auto start = url.find("://");
    if (start == std::string_view::npos) return std::string(url);
    const auto authority = start + 3;
    // libpq takes the first '@' before '/' or '?' for the end of user and password; a password
    // with one of these in it, unescaped, must not be shown either, so the last '@' counts here.
    const auto question = std::min(url.find('?', authority), url.size());
    const auto at = url.substr(0, question).rfind('@');
    std::string shown(url.substr(0, authority));
    auto rest = authority;
    if (at != std::string_view::npos && at >= authority) {
        const auto user = url.substr(authority, at - authority);
        shown += std::string(user.substr(0, user.find(':'))) + "@";
        rest = at + 1;
    }
    shown += url.substr(rest, question - rest);
    if (question < url.size()) shown += without_secrets(url.substr(question + 1));
    return shown;
}

}  // namespace pmatch
