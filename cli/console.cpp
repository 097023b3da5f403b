#include "cli/console.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>

namespace pmatch::cli {
namespace {

/// Typed for the reader's sake: one call, one whole line, so threads do not mix letters.
void say(std::string_view line) {
    std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace

void Console::note(std::string_view text) const {
    if (level_ != Level::kQuiet) say(fmt::format("{}\n", filled(text)));
}

void Console::detail(std::string_view text) const {
    if (level_ == Level::kVerbose) say(fmt::format("{}\n", text));
}

void Console::warning(std::string_view text) const {
    if (level_ != Level::kQuiet) say(fmt::format("pmatch: warning: {}\n", filled(text)));
}

void Console::error(const Error& error) const {
    std::string text = fmt::format("pmatch: error: {}\n", error.what());
    if (!error.file().empty()) text += fmt::format("  file: {}\n", error.file());
    if (!error.fix().empty()) text += fmt::format("  fix:  {}\n", filled(error.fix()));
    say(text);
}

std::string Console::filled(std::string_view text) const {
    constexpr std::string_view kPlaceholder = " COLLECTION";
    std::string result(text);
    if (collection_.empty()) return result;
    for (std::size_t at = 0; (at = result.find(kPlaceholder, at)) != std::string::npos;) {
        result.replace(at + 1, kPlaceholder.size() - 1, collection_);
        at += 1 + collection_.size();
    }
    return result;
}

Progress::Progress(const Console& console, std::string what, std::int64_t total)
    : what_(std::move(what)),
      total_(total),
      silent_(console.quiet()),
      moving_(::isatty(STDERR_FILENO) != 0) {}

Progress::~Progress() {
    if (shown_ && moving_) say("\r\x1b[K");
}

std::string Progress::line(std::int64_t done, std::string_view extra) const {
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

void Progress::update(std::int64_t done, std::string_view extra) {
    if (silent_) return;
    const auto now = Clock::now();
    const auto pause = moving_ ? std::chrono::milliseconds(100) : std::chrono::seconds(30);
    if (now - last_ < pause) return;
    last_ = now;
    shown_ = true;
    say(moving_ ? "\r\x1b[K" + line(done, extra) : line(done, extra) + "\n");
}

std::string grouped(std::int64_t number) {
    std::string digits = std::to_string(number);
    const std::size_t first = digits.front() == '-' ? 1 : 0;
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3;
         at > static_cast<std::ptrdiff_t>(first); at -= 3) {
        digits.insert(static_cast<std::size_t>(at), ",");
    }
    return digits;
}

std::string duration(double seconds) {
    if (seconds < 60) return fmt::format("{:.1f} s", seconds);
    const auto whole = static_cast<std::int64_t>(std::llround(seconds));
    if (whole < 3600) return fmt::format("{}:{:02}", whole / 60, whole % 60);
    return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

}  // namespace pmatch::cli
