/// Between the listener and the service: who may ask, where it is answered, how long it may take.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "cli/serve/http/access_log.hpp"
#include "cli/serve/http/http_listener.hpp"
#include "cli/serve/service/routes.hpp"
#include "cli/serve/service/service.hpp"
#include "cli/serve/service/worker_pool.hpp"

namespace pmatch::cli {

struct ApplicationSettings {
    std::string token;   ///< that clients must send; empty = none
    std::string origin;  ///< whose pages may ask, "*" = all; empty = only the server's own
    std::size_t workers = 32;
    std::size_t most_waiting = 256;  ///< requests, in each of the two queues
    double answer_seconds = 10;
    std::filesystem::path access_log;  ///< empty = none
};

class Application final : public HttpApplication {
public:
    Application(Service& service, ApplicationSettings settings, const Observer& observer);

    std::optional<HttpResponse> refuse(HttpRequest& head) override;
    void serve(std::shared_ptr<HttpExchange> exchange) override;
    HttpResponse too_large(const HttpRequest& request) override;
    HttpResponse no_room(const HttpRequest& request) override;
    HttpResponse overdue(const HttpRequest& request) override;
    void finished(const HttpRequest& request, const HttpResponse* response,
                  double milliseconds) override;

    /// Not ready any more; connections end after their next response.
    void drain();
    /// From now on, requests get status 503 at once.
    void stop() { stopped_ = true; }
    /// Requests that wait or are being answered.
    std::size_t pending() const { return texts_.pending() + pictures_.pending(); }
    void reopen_log() { log_.reopen(); }
    void add_metrics(MetricsText& text, const HttpCounts& counts) const;

private:
    /// A request that fits a route.
    struct Asked;
    bool is_authorised(const HttpRequest& request) const;
    HttpResponse options(const HttpRequest& request, const std::string& allowed) const;
    std::optional<HttpResponse> check(HttpRequest& head, const RouteMatch& match);
    bool answer_from_cache(HttpExchange& exchange, const Asked& asked);
    bool is_in_vain(const HttpExchange& exchange) const;
    void answer(HttpExchange& exchange, const Asked& asked);
    HttpResponse guarded(const HttpRequest& request, const std::function<HttpResponse()>& job);
    /// With the headers that all responses have.
    HttpResponse complete(const HttpRequest& request, HttpResponse response) const;

    Service& service_;
    const ApplicationSettings settings_;
    const Observer& observer_;
    AccessLog log_;
    std::atomic<std::uint64_t> requests_{0};
    std::atomic<bool> draining_{false};
    std::atomic<bool> stopped_{false};
    WorkerPool texts_;
    WorkerPool pictures_;
};

}  // namespace pmatch::cli
