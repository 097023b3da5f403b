#include "core/pipeline/caption_pipeline.hpp"

#include <chrono>
#include <future>
#include <utility>
#include <variant>

#include "core/common/error.hpp"
#include "core/common/input_failure.hpp"
#include "core/pipeline/failing_inputs.hpp"
#include "core/threads/cpu_slots.hpp"
#include "core/threads/parallel.hpp"

namespace pmatch {
namespace {

using Clock = std::chrono::steady_clock;

/// A window with its prepared pictures; failed ones have a problem instead.
struct ReadyWindow {
    std::vector<CaptionEntry> entries;
    std::vector<PreparedPicture> pictures;
};

class Pipeline {
public:
    Pipeline(WorkSource& source, const PictureReader& reader, Captioner& captioner,
             const CaptionOptions& options)
        : source_(source), reader_(reader), captioner_(captioner), options_(options) {}

    ReadyWindow next() {
        const auto items = source_.next_window();
        ReadyWindow window;
        window.entries.resize(items.size());
        window.pictures.resize(items.size());
        // A reader takes a second for a picture: each is a piece.
        const auto work = [&](std::size_t begin, std::size_t end) {
            for (auto i = begin; i < end; ++i)
                prepare(items[i], window.entries[i], window.pictures[i]);
        };
        for_pieces(items.size(), options_.workers, work, 1);
        return window;
    }

private:
    void prepare(const EmbeddingInput& item, CaptionEntry& entry, PreparedPicture& picture) {
        entry.key = item.key;
        entry.problem = item.problem;
        if (!entry.good()) return;
        const auto expected =
            options_.check_content ? std::optional(item.key.content) : std::nullopt;
        auto read = read_picture(reader_, item.picture, expected);
        if (auto* problem = std::get_if<Problem>(&read)) {
            entry.problem = std::move(*problem);
            return;
        }
        auto failed = attempt(kNotPrepared, [&] {
            const CpuSlots slot;  // only now: the reader takes a slot, too
            picture = captioner_.prepare(std::get<Image>(read));
        });
        if (failed) entry.problem = std::move(*failed);
    }

    WorkSource& source_;
    const PictureReader& reader_;
    Captioner& captioner_;
    const CaptionOptions& options_;
};

bool is_set(const std::atomic<bool>* flag) {
    return flag != nullptr && flag->load();
}

/// Writes the captions into the entries. Returns false if stopped.
bool describe(ReadyWindow& window, Captioner& captioner, CaptionReport& report,
              const CaptionHooks& hooks, Clock::time_point start) {
    std::vector<std::size_t> places;
    std::vector<const PreparedPicture*> batch;
    for (std::size_t i = 0; i < window.entries.size(); ++i) {
        if (!window.entries[i].good()) continue;
        places.push_back(i);
        batch.push_back(&window.pictures[i]);
    }
    report.skipped += static_cast<std::int64_t>(window.entries.size() - batch.size());
    const auto before = report;
    auto [captions, problems] = caption_batch(captioner, batch, [&](auto pictures, auto tokens) {
        report.captions = before.captions + static_cast<std::int64_t>(pictures);
        report.tokens = before.tokens + static_cast<std::int64_t>(tokens);
        report.seconds = std::chrono::duration<double>(Clock::now() - start).count();
        if (hooks.progress) hooks.progress(report);
        return !is_set(hooks.stop);
    });
    report.captions = before.captions;
    if (is_set(hooks.stop)) {
        report.skipped -= static_cast<std::int64_t>(window.entries.size() - batch.size());
        return false;
    }
    for (std::size_t i = 0; i < captions.size(); ++i) {
        auto& entry = window.entries[places[i]];
        entry.problem = std::move(problems[i]);
        if (entry.good()) entry.problem = caption_problem(captions[i]).value_or(Problem{});
        if (!entry.good()) {
            ++report.skipped;
        } else {
            entry.caption = captions[i].text;
            ++report.captions;
        }
    }
    return true;
}

}  // namespace

std::optional<Problem> caption_problem(const Caption& caption) {
    constexpr std::size_t kFewest = 8;  // tokens: a short caption may repeat a word
    constexpr std::size_t kTimes = 4;
    if (!caption.problem.code.empty()) return caption.problem;
    if (caption.text.empty()) return Problem{"empty_caption", "the model wrote nothing"};
    const auto& tokens = caption.tokens;
    if (tokens.size() < kFewest) return std::nullopt;
    for (std::size_t period = 1; period * kTimes <= tokens.size(); ++period) {
        std::size_t i = period;
        while (i < tokens.size() && tokens[i] == tokens[i - period])
            ++i;
        if (i == tokens.size()) {
            return Problem{"repeating_caption", "the model wrote the same again and again: " +
                                                    caption.text.substr(0, 40)};
        }
    }
    return std::nullopt;
}

CaptionReport caption(WorkSource& source, const PictureReader& reader, Captioner& captioner,
                      CaptionSink& sink, const CaptionOptions& options, const CaptionHooks& hooks) {
    const auto start = Clock::now();
    Pipeline pipeline(source, reader, captioner, options);
    CaptionReport report;
    auto window = pipeline.next();
    while (!window.entries.empty()) {
        // Its destructor waits, so that nothing outlives this call.
        auto ready = std::async(std::launch::async, [&] { return pipeline.next(); });
        if (is_set(hooks.stop) || !describe(window, captioner, report, hooks, start)) {
            report.interrupted = true;
            break;
        }
        sink.append(std::move(window.entries));
        window = ready.get();
    }
    report.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    return report;
}

}  // namespace pmatch
