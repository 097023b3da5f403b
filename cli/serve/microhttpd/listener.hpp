/// The listener over libmicrohttpd: one network thread, one that watches the clock.
#pragma once

#include "cli/serve/http/http_listener.hpp"

namespace pmatch::cli {

/// As HttpFunctions::listen.
HttpListener* listen_with_microhttpd(int socket, const HttpLimits& limits,
                                     HttpApplication& application);

}  // namespace pmatch::cli
