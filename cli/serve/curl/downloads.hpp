/// Internal: files by their URLs, with libcurl.
#pragma once

#include <span>
#include <stop_token>

#include "cli/serve/urls/url_download.hpp"

namespace pmatch::cli {

/// Once, before the first download.
void set_up_curl();

/// As UrlFunctions::download.
void download_with_curl(std::span<UrlDownload> files, const UrlLimits& limits,
                        const AddressFilter& filter, const std::stop_token& stop);

}  // namespace pmatch::cli
