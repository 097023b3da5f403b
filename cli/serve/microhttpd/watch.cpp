#include "cli/serve/microhttpd/watch.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>

#include <array>
#include <chrono>
#include <limits>
#include <utility>

namespace pmatch::cli {
namespace {

constexpr std::chrono::milliseconds kTick{20};
constexpr int kTicksPerLook = 25;             ///< at connections that nobody answers
constexpr double kMillisecondsToRead = 1000;  ///< what a client sent before it closed its side

socklen_t length_of(const sockaddr* address) {
    return address->sa_family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
}

/// Empty if it is no address of the internet.
std::string text_of(const sockaddr* address) {
    std::array<char, NI_MAXHOST> text{};
    const int failed = ::getnameinfo(address, length_of(address), text.data(), text.size(), nullptr,
                                     0, NI_NUMERICHOST);
    return failed != 0 ? std::string() : std::string(text.data());
}

bool is_loopback(const std::string& address) {
    return address.starts_with("127.") || address == "::1" || address.starts_with("::ffff:127.");
}

/// The network thread notices and frees it.
void close_now(WatchedConnection& connection) {
    connection.phase = Phase::kClosing;
    ::shutdown(connection.socket, SHUT_RDWR);
}

bool is_asking(Phase phase) {
    return phase == Phase::kHead || phase == Phase::kBody;
}

bool is_active(Phase phase) {
    return phase != Phase::kHead && phase != Phase::kClosing;
}

}  // namespace

Watch::Watch(const HttpLimits& limits, HttpApplication& application)
    : limits_(limits), application_(application), thread_([this] { run(); }) {}

Watch::~Watch() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

bool Watch::admits(const sockaddr* address) {
    const auto text = text_of(address);
    if (is_loopback(text)) return true;
    const std::lock_guard lock(mutex_);
    const auto found = by_address_.find(text);
    if (found == by_address_.end() || found->second < limits_.per_address) return true;
    ++turned_away_;
    return false;
}

WatchedConnection* Watch::opened(int socket, const sockaddr* address) {
    const std::lock_guard lock(mutex_);
    auto& connection = connections_.emplace_front();
    connection.place = connections_.begin();
    connection.socket = socket;
    connection.address = text_of(address);
    connection.local = is_loopback(connection.address);
    if (!connection.local) ++by_address_[connection.address];
    changed_.notify_all();
    return &connection;
}

/// libmicrohttpd closes the socket after this, so that tick() never touches another's.
void Watch::closed(WatchedConnection* connection) {
    const std::lock_guard lock(mutex_);
    if (!connection->local) {
        const auto found = by_address_.find(connection->address);
        if (--found->second == 0) by_address_.erase(found);
    }
    connections_.erase(connection->place);
}

void Watch::enter(WatchedConnection& connection, Phase phase, std::shared_ptr<Exchange> exchange) {
    const std::lock_guard lock(mutex_);
    if (connection.phase == Phase::kClosing) return;
    connection.phase = phase;
    connection.since = SteadyClock::now();
    connection.exchange = std::move(exchange);
}

void Watch::give_up() {
    Exchanges waiting;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& connection : connections_) {
            if (connection.exchange) waiting.push_back(connection.exchange);
        }
    }
    for (const auto& exchange : waiting)
        exchange->reply(application_.overdue(exchange->request()));
}

void Watch::add_to(HttpCounts& counts) const {
    const std::lock_guard lock(mutex_);
    counts.connections = static_cast<std::int64_t>(connections_.size());
    for (const auto& connection : connections_)
        counts.active += is_active(connection.phase) ? 1 : 0;
    counts.timed_out = timed_out_;
    counts.turned_away = turned_away_;
    counts.left = left_;
}

void Watch::run() {
    std::unique_lock lock(mutex_);
    while (!stop_) {
        if (connections_.empty()) {
            changed_.wait(lock, [&] { return stop_ || !connections_.empty(); });
        } else {
            changed_.wait_for(lock, kTick, [&] { return stop_; });
        }
        if (stop_) return;
        lock.unlock();
        tick();
        lock.lock();
    }
}

double Watch::seconds_for(Phase phase) const {
    switch (phase) {  // without default, so that the compiler names a phase that is forgotten
        case Phase::kHead:
            return limits_.head_seconds;
        case Phase::kBody:
            return limits_.body_seconds;
        case Phase::kAnswering:
            return limits_.answer_seconds;
        case Phase::kSending:
            return limits_.send_seconds;
        case Phase::kClosing:
            break;
    }
    return std::numeric_limits<double>::infinity();
}

/// libmicrohttpd may not notice that a client has left which sent a part of a request.
Watch::Exchanges Watch::take_left() {
    const bool all = ticks_++ % kTicksPerLook == 0;
    std::vector<pollfd> sockets;
    std::vector<WatchedConnection*> owners;
    for (auto& connection : connections_) {
        const bool idle = all && is_asking(connection.phase) &&
                          milliseconds_since(connection.since) > kMillisecondsToRead;
        if (!connection.exchange && !idle) continue;
        sockets.push_back({connection.socket, POLLRDHUP, 0});
        owners.push_back(&connection);
    }
    Exchanges left;
    if (sockets.empty() || ::poll(sockets.data(), sockets.size(), 0) <= 0) return left;
    for (std::size_t i = 0; i < sockets.size(); ++i) {
        if ((sockets[i].revents & (POLLRDHUP | POLLHUP | POLLERR)) == 0) continue;
        const auto& exchange = owners[i]->exchange;
        if (!exchange) {
            close_now(*owners[i]);
        } else if (!exchange->abandoned().stop_requested()) {
            left.push_back(exchange);
        }
    }
    return left;
}

Watch::Exchanges Watch::take_late() {
    Exchanges late;
    for (auto& connection : connections_) {
        const double seconds = milliseconds_since(connection.since) / 1000;
        if (seconds <= seconds_for(connection.phase)) continue;
        if (connection.exchange) {
            late.push_back(connection.exchange);
        } else {
            ++timed_out_;
            close_now(connection);
        }
    }
    return late;
}

void Watch::tick() {
    Exchanges late;
    Exchanges left;
    {
        const std::lock_guard lock(mutex_);
        late = take_late();
        left = take_left();
    }
    for (const auto& exchange : late) {
        if (exchange->reply(application_.overdue(exchange->request()))) exchange->abandon();
    }
    for (const auto& exchange : left) {
        ++left_;
        exchange->abandon();
    }
}

}  // namespace pmatch::cli
