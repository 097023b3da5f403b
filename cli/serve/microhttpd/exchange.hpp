/// One request of a connection, from its first line to the end of its response.
#pragma once

#include <microhttpd.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

#include "cli/serve/http/http_listener.hpp"

namespace pmatch::cli {

using SteadyClock = std::chrono::steady_clock;

inline double milliseconds_since(SteadyClock::time_point start) {
    return std::chrono::duration<double, std::milli>(SteadyClock::now() - start).count();
}

/// Shared by the network thread of its connection, the worker that answers, and the watch.
class Exchange final : public HttpExchange {
public:
    explicit Exchange(MHD_Connection* connection) : connection_(connection) {}

    const HttpRequest& request() const override { return request_; }
    std::stop_token abandoned() const override { return abandoned_.get_token(); }
    double waited() const override { return milliseconds_since(complete_); }
    bool reply(HttpResponse response) override;

    // Called by the network thread only.
    HttpRequest& edit() { return request_; }
    void is_complete() { complete_ = SteadyClock::now(); }
    /// Suspends the connection, until there is a reply; false if there is one already.
    bool wait_for_reply();
    const HttpResponse* response();
    /// The connection is gone: nothing may touch it again.
    void detach();

    void abandon() { abandoned_.request_stop(); }
    double age() const { return milliseconds_since(started_); }

private:
    HttpRequest request_;
    std::stop_source abandoned_;
    SteadyClock::time_point started_ = SteadyClock::now();
    SteadyClock::time_point complete_ = started_;
    std::mutex mutex_;
    MHD_Connection* connection_;            ///< guarded by mutex_; nullptr once detached
    std::optional<HttpResponse> response_;  ///< guarded by mutex_ until set
    bool suspended_ = false;                ///< guarded by mutex_
};

}  // namespace pmatch::cli
