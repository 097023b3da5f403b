#include "cli/serve/urls/url_library.hpp"

#include <dlfcn.h>

#include "cli/serve/urls/url_stamp.hpp"

namespace pmatch::cli {

const UrlFunctions& url_library() {
    const auto& functions =
        *static_cast<const UrlFunctions*>(open_companion(kUrlLibrary, RTLD_NOW | RTLD_LOCAL));
    check_companion_stamp(kUrlLibrary, functions.stamp, kUrlStamp);
    return functions;
}

}  // namespace pmatch::cli
