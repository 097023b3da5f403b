#include "cli/terminal/console.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <utility>

#include "cli/terminal/remedy_text.hpp"
#include "core/text/number_text.hpp"

namespace pmatch::cli {
namespace {

/// Writes a whole line with one call, so that lines of different threads do not mix.
void say(std::string_view line) {
    std::fwrite(line.data(), 1, line.size(), stderr);
}

/// "what: 1,234 of 10,000, 56.7/s, 2:35 left": updated in place on a terminal, otherwise printed
/// every 30 s.
class ProgressLine : public ProgressMeter {
public:
    ProgressLine(std::string what, std::int64_t total) : what_(std::move(what)), total_(total) {}
    ~ProgressLine() override {
        if (shown_ && moving_) say("\r\x1b[K");
    }
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    void update(std::int64_t done, std::string_view extra) override {
        const auto now = Clock::now();
        const auto pause = moving_ ? std::chrono::milliseconds(100) : std::chrono::seconds(30);
        if (now - last_ < pause) return;
        last_ = now;
        shown_ = true;
        say(moving_ ? "\r\x1b[K" + line(done, extra) : line(done, extra) + "\n");
    }

private:
    std::string line(std::int64_t done, std::string_view extra) const {
        const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
        const double rate = seconds > 0 ? static_cast<double>(done) / seconds : 0;
        std::string text = fmt::format("{}: {}", what_, grouped(done));
        if (total_ > 0) text += fmt::format(" of {}", grouped(total_));
        text += fmt::format(", {:.1f}/s", rate);
        if (total_ > 0 && rate > 0) {
            text += fmt::format(", {} left", duration(static_cast<double>(total_ - done) / rate));
        }
        if (!extra.empty()) text += fmt::format(", {}", extra);
        return text;
    }

    using Clock = std::chrono::steady_clock;
    std::string what_;
    std::int64_t total_;
    bool moving_ = ::isatty(STDERR_FILENO) != 0;
    bool shown_ = false;
    Clock::time_point start_ = Clock::now();
    Clock::time_point last_ = start_;
};

}  // namespace

void Console::note(const Notice& notice) const {
    if (level_ != Level::kQuiet) say(fmt::format("{}\n", text_of(notice)));
}

void Console::detail(std::string_view text) const {
    if (level_ == Level::kVerbose) say(fmt::format("{}\n", text));
}

void Console::warning(const Notice& notice) const {
    if (level_ != Level::kQuiet) say(fmt::format("pmatch: warning: {}\n", text_of(notice)));
}

void Console::error(const Error& error) const {
    std::string text = fmt::format("pmatch: error: {}\n", error.what());
    if (!error.file().empty()) text += fmt::format("  file: {}\n", error.file());
    if (!error.remedy().empty()) text += fmt::format("  fix:  {}\n", text_of(error.remedy()));
    say(text);
}

std::unique_ptr<ProgressMeter> Console::progress(const std::string& what,
                                                 std::int64_t total) const {
    if (quiet()) return nullptr;
    return std::make_unique<ProgressLine>(what, total);
}

}  // namespace pmatch::cli
