#include "cli/terminal/interrupt.hpp"

#include <unistd.h>

#include <csignal>
#include <string_view>

namespace pmatch::cli {
namespace {

std::atomic<bool> stop_wanted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler sets it");

std::atomic<bool> say_so{true};

void on_signal(int signal) {
    stop_wanted.store(true);
    if (say_so.load()) {
        constexpr std::string_view kText =
            "\npmatch: stopping after the work in hand; once more stops at once\n";
        // write() is async-signal-safe; failures are ignored.
        [[maybe_unused]] const auto written = ::write(STDERR_FILENO, kText.data(), kText.size());
    }
    std::signal(signal, SIG_DFL);
}

}  // namespace

InterruptGuard::InterruptGuard(bool quiet) {
    say_so.store(!quiet);
    std::signal(SIGINT, on_signal);
    std::signal(SIGTERM, on_signal);
}

InterruptGuard::~InterruptGuard() {
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
}

const std::atomic<bool>& InterruptGuard::stop() {
    return stop_wanted;
}

}  // namespace pmatch::cli
