/// Counters and histograms, and the text format in which Prometheus reads them.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pmatch::cli {

/// Counts of values by upper bounds. Thread-safe, without a lock.
class Histogram {
public:
    explicit Histogram(std::vector<double> bounds);

    void observe(double value);

    struct Snapshot {
        std::vector<std::pair<double, std::uint64_t>> buckets;  ///< bound, values up to it
        std::uint64_t count = 0;
        double sum = 0;
    };
    Snapshot snapshot() const;

private:
    std::vector<double> bounds_;
    std::vector<std::atomic<std::uint64_t>> counts_;  ///< one more than bounds: what is above
    std::atomic<double> sum_{0};
};

/// Seconds from half a millisecond to ten.
std::vector<double> duration_bounds();

using Labels = std::vector<std::pair<std::string, std::string>>;

/// Writes the text format, version 0.0.4.
class MetricsText {
public:
    /// Begins a metric of type "counter", "gauge" or "histogram"; its samples must follow.
    void begin(std::string_view name, std::string_view type, std::string_view help);
    void sample(const Labels& labels, double value);
    void histogram(const Labels& labels, const Histogram& histogram);

    const std::string& text() const { return text_; }

private:
    void line(std::string_view suffix, const Labels& labels, double value);

    std::string name_;
    std::string text_;
};

}  // namespace pmatch::cli
