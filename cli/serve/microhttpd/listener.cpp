#include "cli/serve/microhttpd/listener.hpp"

#include <microhttpd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "cli/serve/microhttpd/exchange.hpp"
#include "cli/serve/microhttpd/watch.hpp"

namespace pmatch::cli {
namespace {

/// One alone makes a new client wait until it has seen to all of a crowd, a third of a second with
/// 2,000 of them.
constexpr unsigned kNetworkThreads = 4;

/// Of a body that nobody wants, how much is read before the connection is closed: a client that
/// sends it all reads its response afterwards, and not before.
constexpr std::size_t kDiscarded = 8;  // times the largest body

/// What libmicrohttpd keeps for a request.
struct Call {
    std::shared_ptr<Exchange> exchange;
    bool has_head = false;
    bool unwanted = false;     ///< the body is read and dropped
    std::size_t received = 0;  ///< bytes of the body
    std::size_t held = 0;      ///< bytes counted in Listener::bodies_
};

class Listener final : public HttpListener {
public:
    Listener(const HttpLimits& limits, HttpApplication& application)
        : limits_(limits), application_(application), watch_(limits, application) {}
    ~Listener() override;
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    bool start(int socket);
    void close_door() override;
    HttpCounts counts() const override;

private:
    static MHD_Result on_connect(void* self, const sockaddr* address, socklen_t length);
    static void on_connection(void* self, MHD_Connection* connection, void** watched,
                              MHD_ConnectionNotificationCode code);
    static void* on_first_line(void* self, const char* target, MHD_Connection* connection);
    static MHD_Result on_request(void* self, MHD_Connection* connection, const char* path,
                                 const char* method, const char* version, const char* data,
                                 std::size_t* size, void** call);
    static void on_end(void* self, MHD_Connection* connection, void** call,
                       MHD_RequestTerminationCode code);

    MHD_Result take_head(MHD_Connection* connection, Call& call, const char* method);
    MHD_Result take_body(Call& call, std::string_view data);
    MHD_Result answer(MHD_Connection* connection, Call& call);
    MHD_Result send(MHD_Connection* connection, Call& call);
    void drop_body(Call& call);

    const HttpLimits limits_;
    HttpApplication& application_;
    Watch watch_;
    std::atomic<std::size_t> bodies_{0};
    MHD_Daemon* daemon_ = nullptr;
    bool door_closed_ = false;
};

WatchedConnection& watched(MHD_Connection* connection) {
    return *static_cast<WatchedConnection*>(
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context);
}

MHD_Result add_header(void* request, MHD_ValueKind, const char* name, const char* value) {
    std::string key(name);
    std::transform(key.begin(), key.end(), key.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    static_cast<HttpRequest*>(request)->headers.emplace_back(std::move(key),
                                                             value == nullptr ? "" : value);
    return MHD_YES;
}

/// Empty for a body in chunks, or none.
std::optional<std::size_t> declared_length(const HttpRequest& request) {
    const auto text = request.header("content-length");
    std::size_t length = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) return {};
    return length;
}

/// Paths are decoded by the application, which tells "a%2Fb" from "a/b".
std::size_t keep_escapes(void*, MHD_Connection*, char* text) {
    return std::char_traits<char>::length(text);
}

bool Listener::start(int socket) {
    const unsigned flags = static_cast<unsigned>(MHD_USE_EPOLL_INTERNAL_THREAD) |
                           static_cast<unsigned>(MHD_ALLOW_SUSPEND_RESUME);
    daemon_ = MHD_start_daemon(
        flags, 0, on_connect, this, on_request, this, MHD_OPTION_LISTEN_SOCKET, socket,
        MHD_OPTION_CONNECTION_LIMIT, static_cast<unsigned>(limits_.connections),
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, limits_.head_bytes, MHD_OPTION_NOTIFY_COMPLETED, on_end,
        this, MHD_OPTION_NOTIFY_CONNECTION, on_connection, this, MHD_OPTION_URI_LOG_CALLBACK,
        on_first_line, this, MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, nullptr,
        MHD_OPTION_THREAD_POOL_SIZE, kNetworkThreads, MHD_OPTION_END);
    if (daemon_ == nullptr) ::close(socket);
    return daemon_ != nullptr;
}

void Listener::close_door() {
    if (daemon_ == nullptr || door_closed_) return;
    door_closed_ = true;
    const auto socket = MHD_quiesce_daemon(daemon_);
    if (socket != MHD_INVALID_SOCKET) ::close(socket);
}

Listener::~Listener() {
    if (daemon_ == nullptr) return;
    close_door();
    // libmicrohttpd does not end while a connection is suspended.
    for (int tries = 0; tries < 100 && counts().active > 0; ++tries) {
        watch_.give_up();
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    MHD_stop_daemon(daemon_);
}

HttpCounts Listener::counts() const {
    HttpCounts counts;
    watch_.add_to(counts);
    counts.body_bytes = static_cast<std::int64_t>(bodies_.load());
    return counts;
}

MHD_Result Listener::on_connect(void* self, const sockaddr* address, socklen_t) {
    return static_cast<Listener*>(self)->watch_.admits(address) ? MHD_YES : MHD_NO;
}

void Listener::on_connection(void* self, MHD_Connection* connection, void** watched,
                             MHD_ConnectionNotificationCode code) {
    auto& watch = static_cast<Listener*>(self)->watch_;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        watch.closed(static_cast<WatchedConnection*>(*watched));
        return;
    }
    const auto about = [&](MHD_ConnectionInfoType what) {
        return MHD_get_connection_info(connection, what);
    };
    *watched = watch.opened(about(MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd,
                            about(MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr);
}

void* Listener::on_first_line(void*, const char* target, MHD_Connection* connection) {
    auto* call = new Call{std::make_shared<Exchange>(connection)};  // deleted by on_end()
    call->exchange->edit().target = target;
    return call;
}

MHD_Result Listener::on_request(void* self, MHD_Connection* connection, const char*,
                                const char* method, const char*, const char* data,
                                std::size_t* size, void** request) {
    auto& listener = *static_cast<Listener*>(self);
    auto& call = *static_cast<Call*>(*request);
    if (!call.has_head) return listener.take_head(connection, call, method);
    if (*size == 0) return listener.answer(connection, call);
    const std::string_view piece(data, *size);
    *size = 0;
    return listener.take_body(call, piece);
}

MHD_Result Listener::take_head(MHD_Connection* connection, Call& call, const char* method) {
    call.has_head = true;
    auto& request = call.exchange->edit();
    request.method = method;
    request.peer = watched(connection).address;
    MHD_get_connection_values(connection, MHD_HEADER_KIND, add_header, &request);
    auto refusal = application_.refuse(request);
    const auto length = declared_length(request);
    if (!refusal && length && *length > limits_.body_bytes)
        refusal = application_.too_large(request);
    watch_.enter(watched(connection), Phase::kBody);
    if (!refusal) return MHD_YES;
    call.unwanted = true;
    call.exchange->reply(std::move(*refusal));
    const bool waits = !request.header("expect").empty();  // for leave to send the body
    const bool huge = length && *length > kDiscarded * limits_.body_bytes;
    return waits || huge ? send(connection, call) : MHD_YES;
}

MHD_Result Listener::take_body(Call& call, std::string_view data) {
    call.received += data.size();
    if (call.unwanted)
        return call.received > kDiscarded * limits_.body_bytes ? MHD_NO : MHD_YES;  // NO: close
    auto& request = call.exchange->edit();
    const bool large = call.received > limits_.body_bytes;
    const auto all = bodies_.fetch_add(data.size()) + data.size();
    call.held += data.size();
    if (!large && all <= limits_.all_bodies) {
        request.body += data;
        return MHD_YES;
    }
    call.unwanted = true;
    call.exchange->reply(large ? application_.too_large(request) : application_.no_room(request));
    drop_body(call);
    return MHD_YES;
}

void Listener::drop_body(Call& call) {
    bodies_ -= std::exchange(call.held, 0);
    if (call.unwanted) call.exchange->edit().body = {};
}

/// Called when the request is complete, and again when a suspended connection is resumed.
MHD_Result Listener::answer(MHD_Connection* connection, Call& call) {
    auto& exchange = *call.exchange;
    if (exchange.response() != nullptr) return send(connection, call);
    exchange.is_complete();
    watch_.enter(watched(connection), Phase::kAnswering, call.exchange);
    application_.serve(call.exchange);
    return exchange.wait_for_reply() ? MHD_YES : send(connection, call);
}

MHD_Result Listener::send(MHD_Connection* connection, Call& call) {
    watch_.enter(watched(connection), Phase::kSending);
    const auto& [status, headers, body] = *call.exchange->response();
    // The body lives as long as the exchange, which on_end() releases last.
    auto* response = MHD_create_response_from_buffer(
        body ? body->size() : 0, body ? const_cast<char*>(body->data()) : nullptr,
        MHD_RESPMEM_PERSISTENT);
    if (response == nullptr) return MHD_NO;
    for (const auto& [name, value] : headers)
        MHD_add_response_header(response, name.c_str(), value.c_str());
    const auto queued = MHD_queue_response(connection, static_cast<unsigned>(status), response);
    MHD_destroy_response(response);  // libmicrohttpd keeps a reference
    return queued;
}

void Listener::on_end(void* self, MHD_Connection* connection, void** request,
                      MHD_RequestTerminationCode) {
    auto& listener = *static_cast<Listener*>(self);
    const std::unique_ptr<Call> call(static_cast<Call*>(*request));
    *request = nullptr;
    if (call == nullptr) return;
    call->exchange->detach();
    listener.drop_body(*call);
    listener.watch_.enter(watched(connection), Phase::kHead);
    listener.application_.finished(call->exchange->request(), call->exchange->response(),
                                   call->exchange->age());
}

}  // namespace

HttpListener* listen_with_microhttpd(int socket, const HttpLimits& limits,
                                     HttpApplication& application) {
    auto listener = std::make_unique<Listener>(limits, application);
    return listener->start(socket) ? listener.release() : nullptr;
}

}  // namespace pmatch::cli
