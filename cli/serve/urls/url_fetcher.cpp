#include "cli/serve/urls/url_fetcher.hpp"

#include <fmt/format.h>

#include "cli/serve/http/request_error.hpp"
#include "cli/serve/urls/url_library.hpp"
#include "core/retrieval/shared_encoder.hpp"

namespace pmatch::cli {
namespace {

/// A place among those that may fetch, given back at the end.
class Place {
public:
    explicit Place(std::counting_semaphore<>& free) : free_(free) {
        if (free_.try_acquire()) return;
        throw RequestError{429, "the server fetches as many pictures as it may at the same time",
                           "ask again in a second, or send the picture itself"};
    }
    ~Place() { free_.release(); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

private:
    std::counting_semaphore<>& free_;
};

}  // namespace

UrlFetcher::UrlFetcher(const UrlSettings& settings)
    : limits_(settings.limits),
      rules_(settings.networks),
      free_(static_cast<std::ptrdiff_t>(settings.at_once)),
      library_(url_library()) {}

std::vector<UrlDownload> UrlFetcher::fetch(const std::vector<std::string>& urls,
                                           const std::stop_token& abandoned) {
    if (urls.size() > kMostUrls)
        throw BadRequest{fmt::format("the request names {} URLs", urls.size()),
                         fmt::format("name at most {} in a request", kMostUrls)};
    const Place place(free_);
    std::vector<UrlDownload> files(urls.size());
    for (std::size_t i = 0; i < urls.size(); ++i)
        files[i].url = urls[i];
    library_.download(files, limits_, rules_, abandoned);
    if (abandoned.stop_requested()) throw Cancelled();
    return files;
}

}  // namespace pmatch::cli
