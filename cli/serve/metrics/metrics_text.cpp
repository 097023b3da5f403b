#include "cli/serve/metrics/metrics_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pmatch::cli {
namespace {

std::string escaped(std::string_view value) {
    std::string text;
    for (const char c : value) {
        if (c == '\n') {
            text += "\\n";
        } else {
            if (c == '\\' || c == '"') text += '\\';
            text += c;
        }
    }
    return text;
}

}  // namespace

Histogram::Histogram(std::vector<double> bounds)
    : bounds_(std::move(bounds)), counts_(bounds_.size() + 1) {}

void Histogram::observe(double value) {
    const auto bound = std::lower_bound(bounds_.begin(), bounds_.end(), value);
    ++counts_[static_cast<std::size_t>(bound - bounds_.begin())];
    sum_.fetch_add(value);
}

Histogram::Snapshot Histogram::snapshot() const {
    Snapshot snapshot;
    for (std::size_t i = 0; i < bounds_.size(); ++i) {
        snapshot.count += counts_[i];
        snapshot.buckets.emplace_back(bounds_[i], snapshot.count);
    }
    snapshot.count += counts_.back();
    snapshot.sum = sum_;
    return snapshot;
}

std::vector<double> duration_bounds() {
    return {.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};
}

void MetricsText::begin(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

void MetricsText::sample(const Labels& labels, double value) {
    line("", labels, value);
}

void MetricsText::histogram(const Labels& labels, const Histogram& histogram) {
    const auto snapshot = histogram.snapshot();
    auto with_bound = labels;
    with_bound.emplace_back("le", "");
    for (const auto& [bound, count] : snapshot.buckets) {
        with_bound.back().second = fmt::format("{}", bound);
        line("_bucket", with_bound, static_cast<double>(count));
    }
    with_bound.back().second = "+Inf";
    line("_bucket", with_bound, static_cast<double>(snapshot.count));
    line("_sum", labels, snapshot.sum);
    line("_count", labels, static_cast<double>(snapshot.count));
}

void MetricsText::line(std::string_view suffix, const Labels& labels, double value) {
    std::string list;
    for (const auto& [name, label] : labels)
        list += fmt::format("{}{}=\"{}\"", list.empty() ? "" : ",", name, escaped(label));
    text_ += name_;
    text_ += suffix;
    if (!list.empty()) text_ += fmt::format("{{{}}}", list);
    text_ += fmt::format(" {}\n", value);
}

}  // namespace pmatch::cli
