/// Everything pmatch says to a person goes to stderr through here; stdout is for data.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "core/error.hpp"

namespace pmatch::cli {

class Console {
public:
    enum class Level { kQuiet, kNormal, kVerbose };

    void set_level(Level level) { level_ = level; }
    /// Stands for COLLECTION in commands that are advised.
    void set_collection(std::string path) { collection_ = std::move(path); }
    bool verbose() const { return level_ == Level::kVerbose; }
    bool quiet() const { return level_ == Level::kQuiet; }

    void note(std::string_view text) const;     ///< summaries; silent under --quiet
    void detail(std::string_view text) const;   ///< only with --verbose
    void warning(std::string_view text) const;  ///< silent under --quiet
    void error(const Error& error) const;       ///< always

private:
    std::string filled(std::string_view text) const;

    Level level_ = Level::kNormal;
    std::string collection_;
};

/// "what: 1,234 of 10,000, 56.7/s, 2:35 left": a line that moves when stderr is a terminal,
/// a plain line every 30 s when it is not, nothing under --quiet.
class Progress {
public:
    /// `total` 0 = unknown: neither total nor ETA is shown.
    Progress(const Console& console, std::string what, std::int64_t total);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void update(std::int64_t done, std::string_view extra = {});

private:
    std::string line(std::int64_t done, std::string_view extra) const;

    using Clock = std::chrono::steady_clock;
    std::string what_;
    std::int64_t total_;
    bool silent_;
    bool moving_;
    bool shown_ = false;
    Clock::time_point start_ = Clock::now();
    Clock::time_point last_ = start_;
};

/// 1234567 → "1,234,567".
std::string grouped(std::int64_t number);

/// Seconds as "0.8 s", "2:35" or "1:02:03".
std::string duration(double seconds);

}  // namespace pmatch::cli
