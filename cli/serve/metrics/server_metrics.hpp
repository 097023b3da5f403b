/// What the server counts.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "cli/serve/metrics/metrics_text.hpp"
#include "cli/serve/urls/url_download.hpp"

namespace pmatch::cli {

/// Where the time of a request goes.
enum class Stage {
    kQueue,   ///< waits for a worker
    kDecode,  ///< JSON, forms, base64, crops
    kFetch,   ///< pictures by their URLs
    kEncode,  ///< captions, pictures and texts to vectors and terms, with waiting for a batch
    kSearch,  ///< the ranked lists
    kFuse,    ///< fusion, re-ranking, sorting
    kWrite    ///< titles, fields and JSON of the answers
};
inline constexpr std::array<const char*, 7> kStageNames{"queue",  "decode", "fetch", "encode",
                                                        "search", "fuse",   "write"};

inline constexpr std::array kUrlStates{"done", "refused", "failed"};  ///< UrlDownload::State

/// Seconds per stage of one request.
using StageSeconds = std::array<double, kStageNames.size()>;

inline double& at(StageSeconds& seconds, Stage stage) {
    return seconds.at(static_cast<std::size_t>(stage));
}

/// Thread-safe.
class ServerMetrics {
public:
    ServerMetrics();

    /// `route` as in the table of routes, or "other"; `status` 0: the connection broke.
    void finished(const std::string& route, int status, double seconds);
    void stages(const StageSeconds& seconds);
    void batch(std::size_t inputs) { batches_.observe(static_cast<double>(inputs)); }
    void refused_by_queue() { ++refused_; }
    void overdue() { ++overdue_; }
    /// A picture by its URL, by what became of it.
    void fetched(UrlDownload::State state, std::size_t bytes);
    void reloaded(bool succeeded) { ++(succeeded ? reloads_ : failed_reloads_); }

    void write(MetricsText& text) const;
    /// The share of each stage, in words.
    std::string summary() const;

private:
    mutable std::mutex mutex_;
    std::map<std::pair<std::string, int>, std::uint64_t> requests_;  ///< by route and status
    std::map<std::string, Histogram> durations_;                     ///< by route
    std::deque<Histogram> stages_;                                   ///< by Stage
    Histogram batches_;
    std::atomic<std::uint64_t> refused_{0};
    std::atomic<std::uint64_t> overdue_{0};
    std::array<std::atomic<std::uint64_t>, kUrlStates.size()> fetches_{};  ///< by state
    std::atomic<std::uint64_t> fetched_bytes_{0};
    std::atomic<std::uint64_t> reloads_{0};
    std::atomic<std::uint64_t> failed_reloads_{0};
};

/// Bytes of this process in memory; 0 if unknown.
std::uint64_t resident_bytes();

}  // namespace pmatch::cli
