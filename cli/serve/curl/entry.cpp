/// The only exported symbol of the library that includes libcurl.
#include "cli/serve/curl/downloads.hpp"
#include "cli/serve/urls/url_library.hpp"
#include "cli/serve/urls/url_stamp.hpp"

extern "C" __attribute__((visibility("default"))) const pmatch::cli::UrlFunctions* pmatch_url() {
    static constexpr pmatch::cli::UrlFunctions kFunctions{pmatch::cli::kUrlStamp,
                                                          pmatch::cli::download_with_curl};
    pmatch::cli::set_up_curl();
    return &kFunctions;
}
