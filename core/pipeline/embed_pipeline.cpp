#include "core/pipeline/embed_pipeline.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <variant>
#include <vector>

#include "core/pipeline/failing_inputs.hpp"

namespace pmatch {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// A window in the pipeline.
struct Window {
    explicit Window(std::vector<EmbeddingInput> work)
        : items(std::move(work)), prepared(items.size()), problems(items.size()) {
        for (std::size_t i = 0; i < items.size(); ++i)
            problems[i] = items[i].problem;
    }

    std::vector<EmbeddingInput> items;
    std::vector<Prepared> prepared;
    std::vector<Problem> problems;  ///< an empty code: no problem so far
    std::size_t unprepared = 0;     ///< unfinished worker tasks; guarded by Flow::mutex
    bool encoding = false;          ///< guarded by Flow::mutex
    bool encoded = false;           ///< guarded by Flow::mutex
    EmbeddedWindow result;
    EmbedReport counts;  ///< of texts
};

void count_text(const Prepared& text, EmbedReport& counts) {
    counts.cut += text.cut ? 1 : 0;
    counts.long_texts += text.more_windows.empty() ? 0 : 1;
    counts.unknown += text.unknown ? 1 : 0;
}

/// Items begin..end of a window, for one worker.
struct Task {
    std::shared_ptr<Window> window;
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// Decoding a picture takes milliseconds, tokenising a text microseconds.
constexpr std::size_t kTextsPerTask = 64;

class Flow {
public:
    Flow(WorkSource& source, const PictureReader& reader, std::span<Encoder* const> encoders,
         const EmbedOptions& options, const std::atomic<bool>* stop)
        : source_(source), reader_(reader), encoders_(encoders), options_(options), stop_(stop) {}

    EmbedReport run(EmbeddingSink& sink, const std::function<void(const EmbedReport&)>& progress);

private:
    void feed();
    void work();
    void encode(Encoder& encoder);
    void guard(const std::function<void()>& body);

    void prepare(Window& window, std::size_t index) const;
    void encode_window(Window& window, Encoder& encoder) const;
    using EncodeBatch = std::function<std::vector<Problem>(std::span<const std::size_t> items,
                                                           std::span<const Prepared* const> batch)>;
    void for_each_batch(Window& window, const EncodeBatch& encode) const;
    static bool is_of_pictures(const Window& window) {
        return !window.items.front().picture.empty();
    }
    std::vector<float> encode_items(Window& window, Encoder& encoder) const;
    std::vector<std::vector<float>> encode_rows(Window& window, Encoder& encoder) const;
    std::vector<std::size_t> usable_items(const Window& window) const;

    bool stopped() const { return stop_ != nullptr && stop_->load(); }
    /// Whether to read another window, or to stop waiting. Requires the mutex.
    bool may_feed() const { return ended() || windows_.size() < options_.windows_ahead; }
    bool ended() const { return error_ != nullptr || halted_ || stopped(); }
    std::shared_ptr<Window> next_to_encode() const;
    std::shared_ptr<Window> wait_for_encoded();

    WorkSource& source_;
    const PictureReader& reader_;
    std::span<Encoder* const> encoders_;
    const EmbedOptions& options_;
    const std::atomic<bool>* stop_;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::shared_ptr<Window>> windows_;  ///< in source order, until passed to the sink
    std::deque<Task> tasks_;
    bool source_ended_ = false;
    bool halted_ = false;  ///< the caller is done; threads must return
    double encoder_seconds_ = 0;
    std::exception_ptr error_;
};

/// A signal handler cannot notify the condition variables, so waits poll the stop flag at this
/// interval.
constexpr std::chrono::milliseconds kPoll{50};

void Flow::guard(const std::function<void()>& body) {
    try {
        body();
    } catch (...) {
        const std::lock_guard lock(mutex_);
        if (!error_) error_ = std::current_exception();
    }
    changed_.notify_all();
}

void Flow::feed() {
    while (true) {
        {
            std::unique_lock lock(mutex_);
            while (!may_feed())
                changed_.wait_for(lock, kPoll);
            if (ended()) return;
        }
        auto items = source_.next_window();
        const std::lock_guard lock(mutex_);
        if (items.empty()) {
            source_ended_ = true;
            changed_.notify_all();
            return;
        }
        const bool pictures = !items.front().picture.empty();
        auto window = std::make_shared<Window>(std::move(items));
        const auto step = pictures ? std::size_t{1} : kTextsPerTask;
        for (std::size_t begin = 0; begin < window->items.size(); begin += step) {
            tasks_.push_back({window, begin, std::min(begin + step, window->items.size())});
            ++window->unprepared;
        }
        windows_.push_back(std::move(window));
        changed_.notify_all();
    }
}

void Flow::work() {
    while (true) {
        Task task;
        {
            std::unique_lock lock(mutex_);
            while (tasks_.empty() && !ended() && !source_ended_)
                changed_.wait_for(lock, kPoll);
            if (ended() || tasks_.empty()) return;
            task = std::move(tasks_.front());
            tasks_.pop_front();
        }
        for (auto i = task.begin; i < task.end; ++i)
            prepare(*task.window, i);
        const std::lock_guard lock(mutex_);
        if (--task.window->unprepared == 0) changed_.notify_all();
    }
}

void Flow::prepare(Window& window, std::size_t index) const {
    const auto& item = window.items[index];
    if (!window.problems[index].code.empty()) return;
    const Encoder& encoder = *encoders_.front();
    const auto expected = options_.check_content ? std::optional(item.key.content) : std::nullopt;
    auto prepared = item.picture.empty()
                        ? prepare_text(encoder, item.text, options_.role)
                        : prepare_picture(encoder, reader_, item.picture, expected);
    if (auto* problem = std::get_if<Problem>(&prepared)) {
        window.problems[index] = std::move(*problem);
    } else {
        window.prepared[index] = std::get<Prepared>(std::move(prepared));
    }
}

std::shared_ptr<Window> Flow::next_to_encode() const {
    for (const auto& window : windows_) {
        if (window->encoding) continue;
        return window->unprepared == 0 ? window : nullptr;
    }
    return nullptr;
}

void Flow::encode(Encoder& encoder) {
    while (true) {
        std::shared_ptr<Window> window;
        {
            std::unique_lock lock(mutex_);
            while (!ended() && !(window = next_to_encode())) {
                const bool all_taken = std::all_of(windows_.begin(), windows_.end(),
                                                   [](const auto& w) { return w->encoding; });
                if (source_ended_ && all_taken) return;
                changed_.wait_for(lock, kPoll);
            }
            if (ended()) return;
            window->encoding = true;
        }
        const auto start = Clock::now();
        encode_window(*window, encoder);
        const std::lock_guard lock(mutex_);
        encoder_seconds_ += seconds_since(start) / static_cast<double>(encoders_.size());
        window->encoded = true;
        changed_.notify_all();
    }
}

/// Indices of the items to encode, texts in ascending order of their token count.
std::vector<std::size_t> Flow::usable_items(const Window& window) const {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < window.items.size(); ++i) {
        if (window.problems[i].code.empty()) order.push_back(i);
    }
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return window.prepared[a].tokens.size() < window.prepared[b].tokens.size();
    });
    return order;
}

/// Calls `encode` for batches of the usable items and keeps the problems that it returns.
void Flow::for_each_batch(Window& window, const EncodeBatch& encode) const {
    const auto order = usable_items(window);
    const auto batch_size = is_of_pictures(window) ? options_.picture_batch : options_.text_batch;
    std::vector<const Prepared*> batch;
    for (std::size_t begin = 0; begin < order.size(); begin += batch_size) {
        const auto items =
            std::span(order).subspan(begin, std::min(batch_size, order.size() - begin));
        batch.clear();
        for (const auto item : items)
            batch.push_back(&window.prepared[item]);
        auto problems = encode(items, batch);
        for (std::size_t i = 0; i < items.size(); ++i)
            window.problems[items[i]] = std::move(problems[i]);
    }
}

/// The items' vectors, in the order of the window; those of items with a problem are unspecified.
std::vector<float> Flow::encode_items(Window& window, Encoder& encoder) const {
    const auto dim = static_cast<std::size_t>(encoder.info().dim);
    std::vector<float> vectors(window.items.size() * dim);
    std::vector<float> encoded;
    for_each_batch(window, [&](auto items, auto batch) {
        encoded.resize(batch.size() * dim);
        auto problems = encode_batch(
            encoder, is_of_pictures(window),
            [&](auto inputs, auto values) { encoder.encode(inputs, values); }, batch, encoded);
        for (std::size_t i = 0; i < items.size(); ++i)
            std::copy_n(encoded.begin() + static_cast<std::ptrdiff_t>(i * dim), dim,
                        vectors.begin() + static_cast<std::ptrdiff_t>(items[i] * dim));
        return problems;
    });
    return vectors;
}

/// The same for an encoder that makes any number of vectors of an item: one row-major array each.
std::vector<std::vector<float>> Flow::encode_rows(Window& window, Encoder& encoder) const {
    std::vector<std::vector<float>> vectors(window.items.size());
    for_each_batch(window, [&](auto items, auto batch) {
        return encode_rows_batch(encoder, is_of_pictures(window), batch,
                                 [&](auto input, auto values) {
                                     vectors[items[input]].assign(values.begin(), values.end());
                                 });
    });
    return vectors;
}

void Flow::encode_window(Window& window, Encoder& encoder) const {
    const auto dim = static_cast<std::size_t>(encoder.info().dim);
    const bool one = encoder.info().vectors_per_input == VectorsPerInput::kOne;
    const auto vectors = one ? encode_items(window, encoder) : std::vector<float>();
    const auto rows = one ? std::vector<std::vector<float>>() : encode_rows(window, encoder);
    auto& result = window.result;
    for (std::size_t i = 0; i < window.items.size(); ++i) {
        if (!window.problems[i].code.empty()) {
            result.skipped.push_back({window.items[i].key, std::move(window.problems[i])});
            continue;
        }
        count_text(window.prepared[i], window.counts);
        result.keys.push_back(window.items[i].key);
        const auto values = one ? std::span(vectors).subspan(i * dim, dim) : std::span(rows[i]);
        result.vectors.insert(result.vectors.end(), values.begin(), values.end());
        if (!one) result.ends.push_back(result.vectors.size() / dim);
    }
    window.prepared.clear();
}

/// The next window in source order once it is encoded; null at the end.
std::shared_ptr<Window> Flow::wait_for_encoded() {
    std::unique_lock lock(mutex_);
    while (true) {
        if (error_) std::rethrow_exception(error_);
        if (!windows_.empty() && windows_.front()->encoded) {
            auto window = std::move(windows_.front());
            windows_.pop_front();
            changed_.notify_all();
            return window;
        }
        const bool under_way = !windows_.empty() && windows_.front()->encoding;
        if (stopped() && !under_way) return nullptr;
        if (source_ended_ && windows_.empty()) return nullptr;
        changed_.wait_for(lock, kPoll);
    }
}

EmbedReport Flow::run(EmbeddingSink& sink,
                      const std::function<void(const EmbedReport&)>& progress) {
    const auto start = Clock::now();
    EmbedReport report;
    std::vector<std::jthread> threads;
    // Joined in reverse order when run() ends, normally or by an exception.
    struct Halt {
        Flow& flow;
        ~Halt() {
            const std::lock_guard lock(flow.mutex_);
            flow.halted_ = true;
            flow.changed_.notify_all();
        }
    };
    const auto workers = options_.workers > 0 ? static_cast<unsigned>(options_.workers)
                                              : std::max(1U, std::thread::hardware_concurrency());
    threads.reserve(workers + encoders_.size() + 1);
    const Halt halt{*this};
    threads.emplace_back([this] { guard([this] { feed(); }); });
    for (unsigned i = 0; i < workers; ++i) {
        threads.emplace_back([this] { guard([this] { work(); }); });
    }
    for (auto* encoder : encoders_) {
        threads.emplace_back([this, encoder] { guard([this, encoder] { encode(*encoder); }); });
    }
    while (auto window = wait_for_encoded()) {
        report.vectors += static_cast<std::int64_t>(window->result.keys.size());
        report.skipped += static_cast<std::int64_t>(window->result.skipped.size());
        report.cut += window->counts.cut;
        report.long_texts += window->counts.long_texts;
        report.unknown += window->counts.unknown;
        sink.append(std::move(window->result));
        report.seconds = seconds_since(start);
        {
            const std::lock_guard lock(mutex_);
            report.encoder_seconds = encoder_seconds_;
        }
        if (progress) progress(report);
    }
    report.seconds = seconds_since(start);
    report.interrupted = stopped();
    return report;
}

}  // namespace

EmbedReport embed(WorkSource& source, const PictureReader& reader,
                  std::span<Encoder* const> encoders, EmbeddingSink& sink,
                  const EmbedOptions& options, const EmbedHooks& hooks) {
    Flow flow(source, reader, encoders, options, hooks.stop);
    return flow.run(sink, hooks.progress);
}

}  // namespace pmatch
