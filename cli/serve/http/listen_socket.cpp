#include "cli/serve/http/listen_socket.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "core/common/error.hpp"
#include "core/common/system_reason.hpp"

namespace pmatch::cli {
namespace {

constexpr int kBacklog = 1024;

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

Addresses resolve(const std::string& host, int port) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const int failed = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
    if (failed == 0) return {found, &::freeaddrinfo};
    throw UsageError{fmt::format("there is no host '{}': {}", host, ::gai_strerror(failed)),
                     "give an address of this machine, such as 127.0.0.1, 0.0.0.0 or ::1"};
}

bool is_loopback(const sockaddr* address) {
    if (address->sa_family == AF_INET6) {
        const auto* six = reinterpret_cast<const sockaddr_in6*>(address);
        return IN6_IS_ADDR_LOOPBACK(&six->sin6_addr);
    }
    const auto* four = reinterpret_cast<const sockaddr_in*>(address);
    constexpr std::uint32_t kLoopbackNet = 127;
    return ntohl(four->sin_addr.s_addr) >> 24U == kLoopbackNet;
}

int port_of(int descriptor) {
    sockaddr_storage bound{};
    socklen_t length = sizeof bound;
    ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&bound), &length);
    return ntohs(bound.ss_family == AF_INET6
                     ? reinterpret_cast<const sockaddr_in6&>(bound).sin6_port
                     : reinterpret_cast<const sockaddr_in&>(bound).sin_port);
}

/// -1 with errno if the system refuses.
int bound_socket(const addrinfo& address) {
    const int descriptor =
        ::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) return -1;
    const int yes = 1;
    ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (::bind(descriptor, address.ai_addr, address.ai_addrlen) == 0 &&
        ::listen(descriptor, kBacklog) == 0) {
        return descriptor;
    }
    const int reason = errno;
    ::close(descriptor);
    errno = reason;
    return -1;
}

}  // namespace

ListenSocket listen_on(const std::string& host, int port) {
    const auto address = resolve(host, port);
    ListenSocket socket;
    socket.descriptor = bound_socket(*address);
    if (socket.descriptor < 0) {
        const int reason = errno;
        throw Error{
            fmt::format("cannot listen on {} port {}: {}", host, port, system_reason(reason)),
            {},
            reason == EADDRINUSE
                ? "stop the program that uses the port, or give --port another (0: any)"
                : "give --host an address of this machine and --port one that you may use"};
    }
    socket.port = port_of(socket.descriptor);
    socket.loopback = is_loopback(address->ai_addr);
    const bool six = address->ai_family == AF_INET6 && host.find(':') != std::string::npos;
    socket.url = fmt::format("http://{}:{}", six ? fmt::format("[{}]", host) : host, socket.port);
    return socket;
}

}  // namespace pmatch::cli
