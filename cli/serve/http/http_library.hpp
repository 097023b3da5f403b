/// The part of pmatch that includes libmicrohttpd is a shared library of its own, opened by `serve`
/// alone: libmicrohttpd loads GnuTLS and what that needs, which no other command should pay for.
#pragma once

#include <memory>

#include "cli/serve/http/http_listener.hpp"
#include "core/files/companion_library.hpp"

namespace pmatch::cli {

struct HttpFunctions {
    const char* stamp;  ///< identifies its sources; checked before everything else

    /// `socket` is bound and listens; the listener closes it. nullptr if the system refuses memory
    /// or threads.
    HttpListener* (*listen)(int socket, const HttpLimits& limits, HttpApplication& application);
};

inline constexpr CompanionLibrary kHttpLibrary{"libpmatch_http.so", "pmatch_http", "speaks HTTP"};

/// `application` must outlive the listener. Throws Error.
std::unique_ptr<HttpListener> listen_http(int socket, const HttpLimits& limits,
                                          HttpApplication& application);

}  // namespace pmatch::cli
