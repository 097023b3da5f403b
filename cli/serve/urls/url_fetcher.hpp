/// Pictures that clients name by their URLs.
#pragma once

#include <semaphore>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "cli/serve/urls/address_rules.hpp"
#include "cli/serve/urls/url_download.hpp"

namespace pmatch::cli {

inline constexpr std::size_t kMostUrls = 16;  ///< of a request

struct UrlSettings {
    std::vector<std::string> networks;  ///< beside the public ones, see parse_network()
    UrlLimits limits;
    std::size_t at_once = 4;  ///< requests that fetch: others need workers, too
};

struct UrlFunctions;

/// Thread-safe.
class UrlFetcher {
public:
    /// Throws UsageError for what is no network, SystemError if the library cannot be opened.
    explicit UrlFetcher(const UrlSettings& settings);

    /// All of them side by side. Throws BadRequest for too many, RequestError with status 429 if
    /// too many requests are fetching, and Cancelled if `abandoned` is stopped.
    std::vector<UrlDownload> fetch(const std::vector<std::string>& urls,
                                   const std::stop_token& abandoned);

private:
    UrlLimits limits_;
    AddressRules rules_;
    std::counting_semaphore<> free_;
    const UrlFunctions& library_;
};

}  // namespace pmatch::cli
