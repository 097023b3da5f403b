/// Requests and responses of HTTP, without a socket or a library for it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pmatch::cli {

struct HttpRequest {
    std::string method;  ///< as sent: "GET"
    std::string target;  ///< path and query as sent, percent-encoded
    std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case
    std::string body;
    std::string peer;    ///< numeric address
    std::string number;  ///< for logs and error messages; unique in a process
    int route = -1;      ///< for the application's use

    /// Empty if there is no such header. `name` in lower case.
    std::string_view header(std::string_view name) const {
        for (const auto& [key, value] : headers) {
            if (key == name) return value;
        }
        return {};
    }
};

struct HttpResponse {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers;
    std::shared_ptr<const std::string> body;  ///< shared with caches; nullptr = empty

    HttpResponse& with(std::string name, std::string value) {
        headers.emplace_back(std::move(name), std::move(value));
        return *this;
    }
};

}  // namespace pmatch::cli
