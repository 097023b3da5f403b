/// Wall time since it was made, for --verbose.
#pragma once

#include <chrono>

namespace pmatch::cli {

class Stopwatch {
public:
    double milliseconds() const {
        return std::chrono::duration<double, std::milli>(Clock::now() - start_).count();
    }

private:
    using Clock = std::chrono::steady_clock;
    Clock::time_point start_ = Clock::now();
};

}  // namespace pmatch::cli
