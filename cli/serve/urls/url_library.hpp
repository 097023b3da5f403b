/// The part of pmatch that includes libcurl is a shared library of its own, opened by `serve
/// --allow-url-fetch` alone: nobody else should pay for libcurl and what it needs.
#pragma once

#include <span>
#include <stop_token>

#include "cli/serve/urls/url_download.hpp"
#include "core/files/companion_library.hpp"

namespace pmatch::cli {

struct UrlFunctions {
    const char* stamp;  ///< identifies its sources; checked before everything else

    /// Fetches all side by side, and sets body or problem and the state of each; those that are
    /// not done when `stop` is requested fail. Thread-safe.
    void (*download)(std::span<UrlDownload> files, const UrlLimits& limits,
                     const AddressFilter& filter, const std::stop_token& stop);
};

inline constexpr CompanionLibrary kUrlLibrary{"libpmatch_url.so", "pmatch_url",
                                              "fetches pictures by their addresses"};

/// Throws SystemError if it cannot be opened.
const UrlFunctions& url_library();

}  // namespace pmatch::cli
