/// Watches the clock and the clients of all connections: libmicrohttpd knows idle connections, but
/// no limit on a whole request, and forgets suspended ones.
#pragma once

#include <sys/socket.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "cli/serve/microhttpd/exchange.hpp"

namespace pmatch::cli {

/// What a connection is doing.
enum class Phase {
    kHead,       ///< waits for the head of a request, or is idle
    kBody,       ///< receives a body
    kAnswering,  ///< waits for the application
    kSending,    ///< sends a response
    kClosing     ///< its time is over
};

struct WatchedConnection {
    int socket = -1;
    std::string address;
    bool local = false;  ///< a loopback address
    Phase phase = Phase::kHead;
    SteadyClock::time_point since = SteadyClock::now();  ///< of the phase
    std::shared_ptr<Exchange> exchange = nullptr;        ///< while kAnswering
    std::list<WatchedConnection>::iterator place = {};   ///< in the list of the watch
};

/// Thread-safe.
class Watch {
public:
    Watch(const HttpLimits& limits, HttpApplication& application);
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    /// Whether a further connection from this address is accepted.
    bool admits(const sockaddr* address);
    WatchedConnection* opened(int socket, const sockaddr* address);
    void closed(WatchedConnection* connection);
    void enter(WatchedConnection& connection, Phase phase,
               std::shared_ptr<Exchange> exchange = nullptr);
    /// Answers all that wait as overdue.
    void give_up();

    void add_to(HttpCounts& counts) const;

private:
    using Exchanges = std::vector<std::shared_ptr<Exchange>>;
    void run();
    void tick();
    double seconds_for(Phase phase) const;
    /// Connections whose time is over are closed; returns exchanges whose deadline has passed.
    Exchanges take_late();
    /// Waiting exchanges whose client has closed its side of the connection. Connections without
    /// one are closed.
    Exchanges take_left();

    const HttpLimits limits_;
    HttpApplication& application_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool stop_ = false;
    int ticks_ = 0;  ///< of the thread alone
    std::list<WatchedConnection> connections_;
    std::map<std::string, std::size_t> by_address_;
    std::atomic<std::int64_t> timed_out_{0};
    std::atomic<std::int64_t> turned_away_{0};
    std::atomic<std::int64_t> left_{0};
    std::thread thread_;
};

}  // namespace pmatch::cli
