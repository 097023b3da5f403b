#include "cli/serve/http/access_log.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/common/error.hpp"
#include "core/text/json_text.hpp"

namespace pmatch::cli {
namespace {

std::string now() {
    const auto time =
        std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(seconds),
                       (time - seconds).count());
}

}  // namespace

AccessLog::AccessLog(std::filesystem::path file) : file_(std::move(file)) {
    reopen();
    if (file_.empty() || out_) return;
    throw Error{"the access log cannot be written", file_.string(),
                "name a file in a directory that the server may write"};
}

void AccessLog::reopen() {
    if (file_.empty()) return;
    const std::lock_guard lock(mutex_);
    out_.close();
    out_.clear();
    out_.open(file_, std::ios::app);
}

void AccessLog::write(const HttpRequest& request, const std::string& route,
                      const HttpResponse* response, double milliseconds) {
    if (file_.empty()) return;
    nlohmann::ordered_json line{
        {"time", now()},        {"id", request.number},
        {"peer", request.peer}, {"method", request.method},
        {"route", route},       {"code", response == nullptr ? 0 : response->status},
        {"ms", milliseconds}};
    if (response != nullptr) {
        line["bytes"] = response->body ? response->body->size() : 0;
        for (const auto& [name, value] : response->headers) {
            if (name == "Server-Timing") line["stages"] = value;
        }
    }
    const auto text = json_text(line) + "\n";
    const std::lock_guard lock(mutex_);
    out_ << text << std::flush;
}

}  // namespace pmatch::cli
