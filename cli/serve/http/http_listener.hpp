/// Interface between the service and what speaks HTTP over sockets. The implementation is a library
/// of its own, see http_library.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>

#include "cli/serve/http/http_message.hpp"

namespace pmatch::cli {

/// A whole request that waits for its response. Thread-safe.
class HttpExchange {
public:
    virtual ~HttpExchange() = default;
    virtual const HttpRequest& request() const = 0;
    /// Stopped when the client has left or the deadline has passed: no one waits for the response.
    virtual std::stop_token abandoned() const = 0;
    /// Milliseconds since the whole request was there.
    virtual double waited() const = 0;
    /// Sends the response, from any thread. Only the first one counts; false for all others.
    virtual bool reply(HttpResponse response) = 0;
};

/// What a listener calls, from several threads; members must not block.
class HttpApplication {
public:
    virtual ~HttpApplication() = default;

    /// After the head of a request, before its body is read: a refusal, or nothing. May set
    /// HttpRequest::route.
    virtual std::optional<HttpResponse> refuse(HttpRequest& head) = 0;
    /// Called once for each request that was not refused, which must get a reply, now or later.
    virtual void serve(std::shared_ptr<HttpExchange> exchange) = 0;

    virtual HttpResponse too_large(const HttpRequest& request) = 0;
    virtual HttpResponse no_room(const HttpRequest& request) = 0;  ///< too many bodies at once
    virtual HttpResponse overdue(const HttpRequest& request) = 0;
    /// After the response was sent, or the connection broke. `response` is nullptr if there is
    /// none.
    virtual void finished(const HttpRequest& request, const HttpResponse* response,
                          double milliseconds) = 0;
};

/// Everything that a client can occupy has a bound.
struct HttpLimits {
    std::size_t connections = 2048;
    std::size_t per_address = 128;  ///< connections; loopback addresses are not limited
    std::size_t head_bytes = std::size_t{32} << 10U;
    std::size_t body_bytes = 10'000'000;
    std::size_t all_bodies = 320'000'000;  ///< bytes of all requests that are being read
    double head_seconds = 15;              ///< for the next request on a connection to come
    double body_seconds = 60;              ///< for a whole upload
    double answer_seconds = 10;            ///< then the client gets HttpApplication::overdue()
    double send_seconds = 60;              ///< for a client to take its response
};

struct HttpCounts {
    std::int64_t connections = 0;  ///< now
    std::int64_t active = 0;       ///< requests that are read, answered or sent, now
    std::int64_t body_bytes = 0;   ///< now
    std::int64_t timed_out = 0;    ///< connections closed because a limit in seconds was exceeded
    std::int64_t turned_away = 0;  ///< connections refused for `per_address`
    std::int64_t left = 0;         ///< clients that left before their response was ready
};

/// Serves until it is destroyed.
class HttpListener {
public:
    virtual ~HttpListener() = default;
    /// Accepts no more connections; those that are open are served on.
    virtual void close_door() = 0;
    virtual HttpCounts counts() const = 0;
};

}  // namespace pmatch::cli
