#include "cli/serve/service/routes.hpp"

#include <array>

namespace pmatch::cli {
namespace {

using On = Route::On;

constexpr std::array kRoutes{
    Route{"POST", "/search/text", On::kTexts, false, &Service::search_text, &Service::cached_text},
    Route{"POST", "/search/image", On::kPictures, false, &Service::search_image},
    Route{"POST", "/api/search-image", On::kPictures, false, &Service::search_image},
    Route{"POST", "/search", On::kPictures, false, &Service::search_mixed},
    Route{"POST", "/search/batch", On::kPictures, false, &Service::search_batch},
    Route{"POST", "/embed", On::kPictures, false, &Service::embed},
    Route{"GET", "/items/{id}", On::kTexts, false, &Service::item},
    Route{"GET", "/thumb/{id}", On::kPictures, false, &Service::thumbnail,
          &Service::cached_thumbnail},
    Route{"GET", "/thumb/{id}/{n}", On::kPictures, false, &Service::thumbnail,
          &Service::cached_thumbnail},
    Route{"GET", "/api/thumb/{idx}", On::kPictures, false, &Service::thumbnail_of_row},
    Route{"GET", "/info", On::kTexts, false, &Service::info},
    Route{"GET", "/fields", On::kTexts, false, &Service::fields},
    Route{"GET", "/metrics", On::kNetwork, false, &Service::metrics_text},
    Route{"GET", "/metrics/summary", On::kNetwork, false, &Service::metrics_summary},
    Route{"GET", "/health/live", On::kNetwork, true, &Service::live},
    Route{"GET", "/health/ready", On::kNetwork, true, &Service::ready},
    Route{"GET", "/health", On::kNetwork, true, &Service::health},
    Route{"GET", "/api/health", On::kNetwork, true, &Service::health},
    Route{"GET", "/openapi.json", On::kNetwork, true, &Service::openapi},
    Route{"GET", "/", On::kNetwork, true, &Service::page},
};

/// The first segment of "/items/{id}" is "items"; `path` is set to what follows.
std::string_view next_segment(std::string_view& path) {
    path.remove_prefix(1);
    const auto segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    return segment;
}

/// The arguments if the path is the route's.
std::optional<std::vector<std::string>> arguments_of(std::string_view pattern,
                                                     std::span<const std::string> path) {
    std::vector<std::string> arguments;
    if (pattern == "/") return path.empty() ? std::optional(arguments) : std::nullopt;
    for (const auto& given : path) {
        if (pattern.empty()) return std::nullopt;
        const auto wanted = next_segment(pattern);
        if (wanted.starts_with('{')) {
            arguments.push_back(given);
        } else if (wanted != given) {
            return std::nullopt;
        }
    }
    return pattern.empty() ? std::optional(std::move(arguments)) : std::nullopt;
}

}  // namespace

std::span<const Route> all_routes() {
    return kRoutes;
}

RouteMatch match_route(std::string_view method, const std::vector<std::string>& path) {
    RouteMatch match;
    std::span<const std::string> rest(path);
    if (rest.size() >= 2 && rest[0] == "c") {
        match.collection = rest[1];
        rest = rest.subspan(2);
        if (rest.size() == 1 && rest[0].empty()) rest = {};  // "/c/shop/" is its page
    }
    const std::string_view wanted = method == "HEAD" ? "GET" : method;
    for (std::size_t i = 0; i < kRoutes.size(); ++i) {
        const auto& route = kRoutes.at(i);
        auto arguments = arguments_of(route.path, rest);
        if (!arguments) continue;
        match.allowed =
            std::string_view(route.method) == "GET" ? "GET, HEAD, OPTIONS" : "POST, OPTIONS";
        if (wanted != route.method) continue;
        match.route = static_cast<int>(i);
        match.arguments = *std::move(arguments);
        return match;
    }
    return match;
}

}  // namespace pmatch::cli
