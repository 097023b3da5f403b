#include "cli/serve/service/application.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <new>
#include <utility>

#include "cli/serve/answers/responses.hpp"
#include "cli/serve/http/request_error.hpp"
#include "core/retrieval/shared_encoder.hpp"

namespace pmatch::cli {
namespace {

constexpr std::size_t kTextsPerPicture = 4;  ///< workers: pictures take memory

/// Takes the same time wherever they differ.
bool are_equal(std::string_view given, std::string_view wanted) {
    unsigned difference = given.size() == wanted.size() ? 0 : 1;
    for (std::size_t i = 0; i < given.size(); ++i) {
        const auto other = wanted[i % wanted.size()];
        difference |= static_cast<unsigned char>(given[i]) ^ static_cast<unsigned char>(other);
    }
    return difference == 0;
}

std::string route_name(const HttpRequest& request) {
    if (request.route < 0) return "other";
    return all_routes()[static_cast<std::size_t>(request.route)].path;
}

/// In the words of the header Server-Timing, in milliseconds.
std::string timing(const StageSeconds& seconds) {
    std::string text;
    for (std::size_t i = 0; i < seconds.size(); ++i)
        text += fmt::format("{}{};dur={:.2f}", i == 0 ? "" : ", ", kStageNames.at(i),
                            1000 * seconds.at(i));
    return text;
}

}  // namespace

struct Application::Asked {
    RequestTarget target;
    RouteMatch match;
    ServedCollection* collection = nullptr;

    const Route& route() const { return all_routes()[static_cast<std::size_t>(match.route)]; }
    RouteCall call(HttpExchange& exchange, StageSeconds& seconds) const {
        return {exchange.request(),   target, match.arguments, *collection,
                exchange.abandoned(), seconds};
    }
};

Application::Application(Service& service, ApplicationSettings settings, const Observer& observer)
    : service_(service),
      settings_(std::move(settings)),
      observer_(observer),
      log_(settings_.access_log),
      texts_(settings_.workers, settings_.most_waiting),
      pictures_(std::max<std::size_t>(1, settings_.workers / kTextsPerPicture),
                settings_.most_waiting) {}

std::optional<HttpResponse> Application::refuse(HttpRequest& head) {
    head.number = fmt::format("{:x}-{:x}", ::getpid(), ++requests_);
    std::optional<HttpResponse> refusal;
    try {
        const auto match = match_route(head.method, parse_target(head.target).path);
        head.route = match.route;
        refusal = check(head, match);
    } catch (const Error& error) {
        refusal = problem(error);
    }
    if (refusal) refusal = complete(head, *std::move(refusal));
    return refusal;
}

std::optional<HttpResponse> Application::check(HttpRequest& head, const RouteMatch& match) {
    if (match.allowed.empty())
        return problem(404, "there is nothing at this address",
                       "/openapi.json lists what there is");
    if (head.method == "OPTIONS") return options(head, match.allowed);
    if (match.route < 0)
        return problem(405, fmt::format("{} is not for this address", head.method),
                       fmt::format("use one of {}", match.allowed))
            .with("Allow", match.allowed);
    const auto& route = all_routes()[static_cast<std::size_t>(match.route)];
    if (!route.open && !is_authorised(head))
        return problem(401, "this server wants a token",
                       "send the header Authorization: Bearer TOKEN")
            .with("WWW-Authenticate", "Bearer");
    if (service_.collection(match.collection) == nullptr)
        return problem(404, fmt::format("there is no collection '{}'", match.collection),
                       "/info lists the collections");
    if (stopped_)
        return problem(503, "the server is being stopped", "ask again in a second")
            .with("Retry-After", "1");
    return std::nullopt;
}

bool Application::is_authorised(const HttpRequest& request) const {
    if (settings_.token.empty()) return true;
    auto given = request.header("authorization");
    constexpr std::string_view kScheme = "Bearer ";
    if (!given.starts_with(kScheme)) return false;
    given.remove_prefix(kScheme.size());
    return are_equal(given, settings_.token);
}

HttpResponse Application::options(const HttpRequest& request, const std::string& allowed) const {
    HttpResponse response{204, {{"Allow", allowed}}, nullptr};
    if (settings_.origin.empty() || request.header("access-control-request-method").empty())
        return response;
    return response.with("Access-Control-Allow-Methods", allowed)
        .with("Access-Control-Allow-Headers", "authorization, content-type")
        .with("Access-Control-Max-Age", "600");
}

HttpResponse Application::complete(const HttpRequest& request, HttpResponse response) const {
    response.with("X-Request-Id", request.number).with("X-Content-Type-Options", "nosniff");
    if (draining_) response.with("Connection", "close");
    const auto origin = request.header("origin");
    if (settings_.origin.empty() || origin.empty()) return response;
    response.with("Vary", "Origin");
    if (settings_.origin == "*" || settings_.origin == origin)
        response.with("Access-Control-Allow-Origin", settings_.origin);
    return response;
}

void Application::serve(std::shared_ptr<HttpExchange> exchange) {
    const auto& request = exchange->request();
    auto asked = std::make_shared<Asked>();
    asked->target = parse_target(request.target);  // which refuse() found to be good
    asked->match = match_route(request.method, asked->target.path);
    asked->collection = service_.collection(asked->match.collection);
    const auto& route = asked->route();
    if (route.on == Route::On::kNetwork) return answer(*exchange, *asked);
    if (route.cached != nullptr && answer_from_cache(*exchange, *asked)) return;
    auto& pool = route.on == Route::On::kTexts ? texts_ : pictures_;
    if (pool.submit([this, exchange, asked] { answer(*exchange, *asked); })) return;
    service_.metrics().refused_by_queue();
    exchange->reply(complete(request, problem(429, "the server has more to do than it can queue",
                                              "ask again in a second")
                                          .with("Retry-After", "1")));
}

bool Application::answer_from_cache(HttpExchange& exchange, const Asked& asked) {
    StageSeconds seconds{};
    bool found = true;
    auto response = guarded(exchange.request(), [&] {
        auto cached = (service_.*asked.route().cached)(asked.call(exchange, seconds));
        found = cached.has_value();
        return cached ? *std::move(cached) : HttpResponse{};
    });
    if (found) exchange.reply(complete(exchange.request(), std::move(response)));
    return found;
}

/// The client has left, or the deadline passed while the request waited for a worker.
bool Application::is_in_vain(const HttpExchange& exchange) const {
    return exchange.abandoned().stop_requested() ||
           exchange.waited() > 1000 * settings_.answer_seconds;
}

void Application::answer(HttpExchange& exchange, const Asked& asked) {
    const auto& request = exchange.request();
    const bool at_once = asked.route().on == Route::On::kNetwork;
    StageSeconds seconds{};
    at(seconds, Stage::kQueue) = exchange.waited() / 1000;
    auto response = guarded(request, [&] {
        if (!at_once && is_in_vain(exchange)) throw Cancelled();
        return (service_.*asked.route().answer)(asked.call(exchange, seconds));
    });
    if (!at_once) response.with("Server-Timing", timing(seconds));
    exchange.reply(complete(request, std::move(response)));
}

HttpResponse Application::guarded(const HttpRequest& request,
                                  const std::function<HttpResponse()>& job) {
    try {
        return job();
    } catch (const Cancelled&) {
        service_.metrics().overdue();
        return problem(
            504, fmt::format("the answer took more than {:g} seconds", settings_.answer_seconds),
            "ask again, for less at a time");
    } catch (const Error& error) {
        auto response = problem(error);
        if (response.status == 429) response.with("Retry-After", "1");
        if (response.status >= 500)
            observer_.warning(
                {fmt::format("request {}: {}", request.number, error.what()), error.remedy()});
        return response;
    } catch (const std::bad_alloc&) {
        observer_.warning(fmt::format("request {}: not enough memory", request.number));
        return problem(503, "the server has no memory for this", "ask for less at a time")
            .with("Retry-After", "1");
    } catch (const std::exception& error) {
        observer_.warning(fmt::format("request {}: {}", request.number, error.what()));
    }
    return problem(500, "a defect of pmatch", "please report it, with the server's messages");
}

HttpResponse Application::too_large(const HttpRequest& request) {
    return complete(request, problem(413, "the body is larger than this server takes",
                                     "send less, or start the server with a larger --max-upload"));
}

HttpResponse Application::no_room(const HttpRequest& request) {
    return complete(request,
                    problem(503, "too many uploads at the same time", "ask again in a second")
                        .with("Retry-After", "1"));
}

HttpResponse Application::overdue(const HttpRequest& request) {
    return guarded(request, []() -> HttpResponse { throw Cancelled(); });
}

void Application::finished(const HttpRequest& request, const HttpResponse* response,
                           double milliseconds) {
    const auto route = route_name(request);
    service_.metrics().finished(route, response == nullptr ? 0 : response->status,
                                milliseconds / 1000);
    log_.write(request, route, response, milliseconds);
}

void Application::drain() {
    draining_ = true;
    service_.drain();
}

void Application::add_metrics(MetricsText& text, const HttpCounts& counts) const {
    text.begin("pmatch_queue_size", "gauge", "Requests that wait for a worker.");
    text.sample({{"queue", "texts"}}, static_cast<double>(texts_.waiting()));
    text.sample({{"queue", "pictures"}}, static_cast<double>(pictures_.waiting()));
    const auto add = [&](const char* name, const char* type, const char* help, std::int64_t value) {
        text.begin(name, type, help);
        text.sample({}, static_cast<double>(value));
    };
    add("pmatch_connections", "gauge", "Open connections.", counts.connections);
    add("pmatch_active", "gauge", "Requests that are read, answered or sent.", counts.active);
    add("pmatch_body_bytes", "gauge", "Bytes of requests held in memory.", counts.body_bytes);
    add("pmatch_connections_timed_out_total", "counter",
        "Connections closed as the client was too slow.", counts.timed_out);
    add("pmatch_connections_turned_away_total", "counter",
        "Connections refused as their address has too many.", counts.turned_away);
    add("pmatch_clients_left_total", "counter", "Clients that left before their response.",
        counts.left);
}

}  // namespace pmatch::cli
