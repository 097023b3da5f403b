#include <fmt/format.h>

#include <utility>

#include "cli/serve/service/service.hpp"
#include "core/common/stopwatch.hpp"

namespace pmatch::cli {
namespace {

UsageError missing(const UrlDownload& file) {
    return {fmt::format("the server of the picture {}", file.problem),
            file.state == UrlDownload::State::kRefused
                ? "name a picture on the public internet, send the picture itself, or start the "
                  "server with --url-allow-network for the network that it is in"
                : "see whether a browser shows the picture, or send the picture itself"};
}

}  // namespace

std::vector<UrlDownload> Service::download(const RouteCall& call,
                                           const std::vector<std::string>& urls) {
    if (urls.empty()) return {};
    if (urls_ == nullptr)
        throw UsageError{"this server fetches no pictures by their URLs",
                         "send the picture itself, or start the server with --allow-url-fetch"};
    const Stopwatch watch;
    auto files = urls_->fetch(urls, call.abandoned);
    at(call.seconds, Stage::kFetch) += watch.milliseconds() / 1000;
    for (const auto& file : files)
        metrics_.fetched(file.state, file.body.size());
    return files;
}

void Service::fetch(const RouteCall& call, SearchPart& part) {
    if (part.url.empty()) return;
    auto file = std::move(download(call, {part.url}).front());
    if (file.state != UrlDownload::State::kDone) throw missing(file);
    part.picture = std::move(file.body);
}

void Service::fetch(const RouteCall& call, SearchRequest& request) {
    std::vector<std::pair<SearchQuery*, SearchPart*>> wanted;
    std::vector<std::string> urls;
    for (auto& query : request.queries) {
        for (auto& part : query.parts) {
            if (part.url.empty()) continue;
            wanted.emplace_back(&query, &part);
            urls.push_back(part.url);
        }
    }
    auto files = download(call, urls);
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto& [query, part] = wanted[i];
        part->picture = std::move(files[i].body);
        if (files[i].state == UrlDownload::State::kDone) continue;
        if (!request.batch) throw missing(files[i]);
        query->problem = {"not_fetched", missing(files[i]).what()};
    }
}

}  // namespace pmatch::cli
