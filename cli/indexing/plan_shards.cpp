#include "cli/indexing/plan_shards.hpp"

#include <sys/resource.h>
#include <algorithm>
#include <atomic>
#include <numeric>
#include <utility>

#include "cli/indexing/space_encoders.hpp"
#include "core/common/stopwatch.hpp"
#include "data/embeddings/pending_inputs.hpp"
#include "data/pictures/image_reader.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kWindowsSampled = 8;
constexpr std::size_t kInputsOfAWindow = 256;  ///< of a sampled one
/// Row, ordinal and content hash of a vector in a part, see data/embeddings/embedding_part.hpp.
constexpr double kKeyBytes = 8 + 4 + 16;

/// The first inputs of some windows, spread over all of them.
class Sample : public WorkSource {
public:
    explicit Sample(std::vector<std::vector<EmbeddingInput>> windows)
        : windows_(std::move(windows)) {}

    std::vector<EmbeddingInput> next_window() override {
        return next_ < windows_.size() ? std::move(windows_[next_++])
                                       : std::vector<EmbeddingInput>{};
    }

private:
    std::vector<std::vector<EmbeddingInput>> windows_;
    std::size_t next_ = 0;
};

/// Counts the values it is given, and keeps nothing.
class Discarding : public EmbeddingSink {
public:
    void append(EmbeddedWindow window) override { values += window.vectors.size(); }
    std::size_t values = 0;
};

/// Counts each share, and takes every so many windows for the sample.
struct Survey {
    std::vector<std::int64_t> shares;
    std::vector<std::vector<EmbeddingInput>> windows;
};

Survey survey(const Collection& collection, const SpaceEncoders& opened, const PlanRequest& request,
              std::int64_t pending) {
    Survey found;
    found.shares.resize(static_cast<std::size_t>(request.shards));
    const auto windows = std::max<std::int64_t>(1, pending / std::max(opened.window_rows, 1));
    const auto step =
        std::max<std::int64_t>(1, windows / static_cast<std::int64_t>(kWindowsSampled));
    const auto work = pending_work(collection, opened.space, {opened.source, opened.window_rows});
    std::int64_t number = 0;
    for (auto window = work->next_window(); !window.empty(); window = work->next_window()) {
        const auto place = window.front().key.row / opened.window_rows;
        found.shares[static_cast<std::size_t>(place % request.shards)] +=
            static_cast<std::int64_t>(window.size());
        if (number++ % step != 0 || found.windows.size() >= kWindowsSampled) continue;
        window.resize(std::min(window.size(), kInputsOfAWindow));
        found.windows.push_back(std::move(window));
    }
    return found;
}

std::int64_t peak_memory() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return std::int64_t{usage.ru_maxrss} * 1024;
}

void measure(const SpaceEncoders& opened, std::vector<std::vector<EmbeddingInput>> windows,
             double seconds, ShardPlan& plan) {
    if (windows.empty() || seconds <= 0) return;
    Sample sample(std::move(windows));
    const FilePictureReader reader;
    Discarding sink;
    std::atomic<bool> stop{false};
    const auto report = embed(sample, reader, opened.encoders, sink, opened.pipeline,
                              {[&](const EmbedReport& r) { stop = r.seconds >= seconds; }, &stop});
    plan.sampled = report.inputs();
    plan.sample_seconds = report.seconds;
    const auto value_bytes = opened.record.bytes ? 1.0 : 4.0;
    plan.bytes_an_input =
        kKeyBytes + value_bytes * static_cast<double>(sink.values) /
                        static_cast<double>(std::max<std::int64_t>(report.vectors, 1));
}

}  // namespace

std::int64_t ShardPlan::largest() const {
    return shares.empty() ? 0 : *std::max_element(shares.begin(), shares.end());
}

double ShardPlan::rate() const {
    return sample_seconds > 0 ? static_cast<double>(sampled) / sample_seconds : 0;
}

double ShardPlan::seconds(std::int64_t share) const {
    return rate() > 0 && share > 0 ? load_seconds + static_cast<double>(share) / rate() : 0;
}

std::int64_t ShardPlan::disk(std::int64_t share) const {
    return static_cast<std::int64_t>(bytes_an_input * static_cast<double>(share));
}

ShardPlan plan_shards(Collection& collection, const EncoderModel& model, const PlanRequest& request,
                      const Execution& execution) {
    const Stopwatch loading;
    const auto opened = open_space_encoders(collection, model, request.embed, execution);
    ShardPlan plan;
    plan.load_seconds = loading.milliseconds() / 1000;
    plan.space = opened.space;
    plan.record = opened.record;
    plan.device = opened.info().device;
    plan.window_rows = opened.window_rows;
    for (const auto& file :
         begin_space(collection, opened.space, opened.record, request.embed.replace)) {
        execution.observer.warning("plan: " + file +
                                   " is damaged or missing; what it held is embedded again");
    }
    const auto counts =
        count_pending(collection, opened.space, {opened.source, opened.window_rows});
    plan.inputs = counts.total;
    plan.done = counts.done;
    auto found = survey(collection, opened, request, counts.total - counts.done);
    plan.shares = std::move(found.shares);
    plan.bytes_an_input = kKeyBytes + 4.0 * opened.record.dim;
    measure(opened, std::move(found.windows), request.seconds, plan);
    plan.memory = peak_memory();
    return plan;
}

}  // namespace pmatch
