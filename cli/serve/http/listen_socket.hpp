/// The socket that a server listens on.
#pragma once

#include <string>

namespace pmatch::cli {

struct ListenSocket {
    int descriptor = -1;
    int port = 0;
    std::string url;        ///< "http://127.0.0.1:8080"
    bool loopback = false;  ///< only this machine reaches it
};

/// `host` is a name or an address; port 0 = any free one. Throws Error if the address is in use or
/// not this machine's, UsageError if there is no such host.
ListenSocket listen_on(const std::string& host, int port);

}  // namespace pmatch::cli
