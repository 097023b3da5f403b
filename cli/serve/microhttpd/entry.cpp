/// The only exported symbol of the library that includes libmicrohttpd.
#include "cli/serve/http/http_library.hpp"
#include "cli/serve/http/http_stamp.hpp"
#include "cli/serve/microhttpd/listener.hpp"

extern "C" __attribute__((visibility("default"))) const pmatch::cli::HttpFunctions* pmatch_http() {
    static constexpr pmatch::cli::HttpFunctions kFunctions{pmatch::cli::kHttpStamp,
                                                           pmatch::cli::listen_with_microhttpd};
    return &kFunctions;
}
