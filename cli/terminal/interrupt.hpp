/// Ctrl-C as a wish to stop after the work in hand.
#pragma once

#include <atomic>

namespace pmatch::cli {

/// While it lives, the first SIGINT or SIGTERM sets stop() and, unless `quiet`, says so on stderr;
/// a second one kills as usual.
class InterruptGuard {
public:
    explicit InterruptGuard(bool quiet);
    ~InterruptGuard();
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;

    static const std::atomic<bool>& stop();
};

}  // namespace pmatch::cli
