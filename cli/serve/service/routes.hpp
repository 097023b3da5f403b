/// The addresses of the service.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/serve/service/service.hpp"

namespace pmatch::cli {

struct Route {
    /// Where a request is answered.
    enum class On {
        kNetwork,   ///< at once
        kTexts,     ///< by the workers for what is small
        kPictures,  ///< by the workers for what may hold or decode a picture, which are fewer
    };
    const char* method;
    const char* path;  ///< "/items/{id}"
    On on;
    bool open;  ///< needs no token
    HttpResponse (Service::*answer)(const RouteCall& call);
    /// Tried first, on the network; nullptr: there is no cache.
    std::optional<HttpResponse> (Service::*cached)(const RouteCall& call) = nullptr;
};

std::span<const Route> all_routes();

/// Which route a request takes, and what its path says.
struct RouteMatch {
    int route = -1;  ///< index in all_routes(); -1: none
    std::string collection;
    std::vector<std::string> arguments;
    std::string allowed;  ///< "GET, HEAD, OPTIONS": the methods of this path; empty: no such path
};
/// HEAD is answered as GET. `path` are decoded segments, with or without "c" and a collection.
RouteMatch match_route(std::string_view method, const std::vector<std::string>& path);

}  // namespace pmatch::cli
