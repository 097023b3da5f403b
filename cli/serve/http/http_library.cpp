#include "cli/serve/http/http_library.hpp"

#include <dlfcn.h>

#include "cli/serve/http/http_stamp.hpp"
#include "core/common/error.hpp"

namespace pmatch::cli {

std::unique_ptr<HttpListener> listen_http(int socket, const HttpLimits& limits,
                                          HttpApplication& application) {
    const auto& functions =
        *static_cast<const HttpFunctions*>(open_companion(kHttpLibrary, RTLD_NOW | RTLD_LOCAL));
    check_companion_stamp(kHttpLibrary, functions.stamp, kHttpStamp);
    std::unique_ptr<HttpListener> listener(functions.listen(socket, limits, application));
    if (listener) return listener;
    throw Error{"the system refuses what a server needs",
                {},
                "give it more memory, threads or open files (ulimit -a)"};
}

}  // namespace pmatch::cli
