#include "cli/serve/metrics/server_metrics.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>

namespace pmatch::cli {

ServerMetrics::ServerMetrics() : batches_({1, 2, 4, 8, 16, 32, 64, 128, 256}) {
    for (std::size_t i = 0; i < kStageNames.size(); ++i)
        stages_.emplace_back(duration_bounds());
}

void ServerMetrics::finished(const std::string& route, int status, double seconds) {
    const std::lock_guard lock(mutex_);
    ++requests_[{route, status}];
    durations_.try_emplace(route, duration_bounds()).first->second.observe(seconds);
}

void ServerMetrics::stages(const StageSeconds& seconds) {
    for (std::size_t i = 0; i < seconds.size(); ++i)
        stages_[i].observe(seconds.at(i));
}

void ServerMetrics::fetched(UrlDownload::State state, std::size_t bytes) {
    ++fetches_.at(static_cast<std::size_t>(state));
    fetched_bytes_ += bytes;
}

void ServerMetrics::write(MetricsText& text) const {
    {
        const std::lock_guard lock(mutex_);
        text.begin("pmatch_request_total", "counter", "Requests by route and status code.");
        for (const auto& [key, count] : requests_)
            text.sample({{"route", key.first}, {"code", std::to_string(key.second)}},
                        static_cast<double>(count));
        text.begin("pmatch_request_duration_seconds", "histogram",
                   "From the first line of a request to the end of its response.");
        for (const auto& [route, durations] : durations_)
            text.histogram({{"route", route}}, durations);
    }
    text.begin("pmatch_stage_duration_seconds", "histogram", "Where the time of a search goes.");
    for (std::size_t i = 0; i < kStageNames.size(); ++i)
        text.histogram({{"stage", kStageNames.at(i)}}, stages_[i]);
    text.begin("pmatch_batch_size", "histogram", "Inputs of a pass of an encoder.");
    text.histogram({}, batches_);
    const auto counter = [&](const char* name, const char* help, std::uint64_t value) {
        text.begin(name, "counter", help);
        text.sample({}, static_cast<double>(value));
    };
    counter("pmatch_queue_full_total", "Requests answered 429 as the queue was full.", refused_);
    counter("pmatch_overdue_total", "Requests answered 504 as their deadline passed.", overdue_);
    text.begin("pmatch_url_fetch_total", "counter", "Pictures by their URLs, by result.");
    for (std::size_t i = 0; i < kUrlStates.size(); ++i)
        text.sample({{"result", kUrlStates.at(i)}}, static_cast<double>(fetches_.at(i)));
    counter("pmatch_url_fetch_bytes_total", "Bytes of pictures that were fetched by their URLs.",
            fetched_bytes_);
    text.begin("pmatch_reload_total", "counter", "New states of collections, by result.");
    text.sample({{"result", "done"}}, static_cast<double>(reloads_));
    text.sample({{"result", "failed"}}, static_cast<double>(failed_reloads_));
}

std::string ServerMetrics::summary() const {
    std::uint64_t count = 0;
    double total = 0;
    for (const auto& stage : stages_) {
        const auto snapshot = stage.snapshot();
        count = snapshot.count;
        total += snapshot.sum;
    }
    if (count == 0 || total == 0) return "No search has been computed yet.\n";
    auto text = fmt::format("{} searches were computed in {:.1f} ms each. Of this time\n", count,
                            1000 * total / static_cast<double>(count));
    for (std::size_t i = 0; i < kStageNames.size(); ++i) {
        const auto sum = stages_[i].snapshot().sum;
        text += fmt::format("  {:>4.1f} % went into {} ({:.2f} ms)\n", 100 * sum / total,
                            kStageNames.at(i), 1000 * sum / static_cast<double>(count));
    }
    return text;
}

std::uint64_t resident_bytes() {
    std::ifstream file("/proc/self/statm");
    std::uint64_t all = 0;
    std::uint64_t resident = 0;
    file >> all >> resident;
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace pmatch::cli
