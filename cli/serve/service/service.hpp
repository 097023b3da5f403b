/// The service without its sockets: what each route answers.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "cli/serve/answers/byte_cache.hpp"
#include "cli/serve/http/http_message.hpp"
#include "cli/serve/http/request_target.hpp"
#include "cli/serve/metrics/metered_models.hpp"
#include "cli/serve/metrics/server_metrics.hpp"
#include "cli/serve/requests/search_request.hpp"
#include "cli/serve/service/served_collection.hpp"
#include "cli/serve/urls/url_fetcher.hpp"

namespace pmatch::cli {

struct ServiceSettings {
    std::vector<std::filesystem::path> collections;  ///< the first is also served without its name
    std::string preset = "auto";                     ///< of requests that name none
    std::string engine = {};                         ///< of all of them, see EngineOptions
    int max_top = 100;
    std::size_t answer_cache = std::size_t{64} << 20U;     ///< bytes
    std::size_t thumbnail_cache = std::size_t{64} << 20U;  ///< bytes
    std::optional<UrlSettings> urls;                       ///< unset: no pictures by their URLs
    /// A picture that is larger decoded than this is refused: a small file can hold a huge one.
    PictureLimits pictures{.max_bytes = std::uint64_t{64} << 20U, .max_pixels = 50'000'000};
};

/// A request on its way through a route.
struct RouteCall {
    const HttpRequest& request;
    const RequestTarget& target;
    const std::vector<std::string>& arguments;  ///< of the path: "7" of /items/7
    ServedCollection& collection;
    std::stop_token abandoned;
    StageSeconds& seconds;
};

/// Thread-safe. Members named after routes throw Error; application.hpp makes responses of them.
class Service {
public:
    /// Throws Error if a collection cannot be opened, UsageError if two have the same name.
    Service(ServiceSettings settings, const Execution& execution);

    HttpResponse search_text(const RouteCall& call);
    HttpResponse search_image(const RouteCall& call);
    HttpResponse search_mixed(const RouteCall& call);
    HttpResponse search_batch(const RouteCall& call);
    HttpResponse embed(const RouteCall& call);
    HttpResponse item(const RouteCall& call);
    HttpResponse thumbnail(const RouteCall& call);
    HttpResponse thumbnail_of_row(const RouteCall& call);
    HttpResponse live(const RouteCall& call);
    HttpResponse ready(const RouteCall& call);
    HttpResponse health(const RouteCall& call);
    HttpResponse info(const RouteCall& call);
    HttpResponse fields(const RouteCall& call);
    HttpResponse metrics_text(const RouteCall& call);
    HttpResponse metrics_summary(const RouteCall& call);
    HttpResponse openapi(const RouteCall& call);
    HttpResponse page(const RouteCall& call);

    /// What can be answered from a cache; never blocks.
    std::optional<HttpResponse> cached_text(const RouteCall& call);
    std::optional<HttpResponse> cached_thumbnail(const RouteCall& call);

    /// nullptr if no collection has this name. The first one for an empty name.
    ServedCollection* collection(std::string_view name) const;
    /// Warms up; from then on it is ready.
    void warm_up();
    /// Opens newer states; failures go to the observer.
    void refresh();
    void drain() { ready_ = false; }

    ServerMetrics& metrics() { return metrics_; }
    /// Adds what others count to /metrics. Set before the first request.
    void set_other_metrics(std::function<void(MetricsText&)> add) { others_ = std::move(add); }

private:
    /// Counts the time that `parse` takes.
    HttpResponse search(const RouteCall& call, const std::function<SearchRequest()>& parse);
    HttpResponse answer(const RouteCall& call, const SearchRequest& request,
                        const std::vector<std::string>& warnings);
    std::string answered_by(const std::shared_ptr<const Engine>& engine, const RouteCall& call,
                            const SearchRequest& request, std::vector<std::string> warnings);
    /// Throws UsageError without --allow-url-fetch.
    std::vector<UrlDownload> download(const RouteCall& call, const std::vector<std::string>& urls);
    /// Gets the picture that is given by its URL, if it is. Throws UsageError if it cannot be had;
    /// of a batch, its query gets a problem instead.
    void fetch(const RouteCall& call, SearchPart& part);
    void fetch(const RouteCall& call, SearchRequest& request);
    /// Sets defaults and limits, and returns what there is to say of it.
    std::vector<std::string> complete(SearchRequest& request) const;
    HttpResponse thumbnail_of(const RouteCall& call, std::int64_t row, const std::string& key);
    bool try_refresh(ServedCollection& collection);

    ServiceSettings settings_;
    Execution execution_;
    ServerMetrics metrics_;
    MeteredModels models_;
    std::unique_ptr<UrlFetcher> urls_;
    std::vector<std::unique_ptr<ServedCollection>> collections_;
    ByteCache answers_;
    ByteCache thumbnails_;
    std::atomic<bool> ready_{false};
    std::function<void(MetricsText&)> others_;
};

}  // namespace pmatch::cli
