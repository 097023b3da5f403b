/// Ctrl-C as a request to stop after the current work.
#pragma once

#include <atomic>

namespace pmatch::cli {

/// During its lifetime, the first SIGINT or SIGTERM sets stop() and, unless `quiet`, prints a
/// message; a second one kills the process as usual.
class InterruptGuard {
public:
    explicit InterruptGuard(bool quiet);
    ~InterruptGuard();
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;

    static const std::atomic<bool>& stop();
};

}  // namespace pmatch::cli
