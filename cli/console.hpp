/// Everything pmatch says to a person goes to stderr through here; stdout is for data.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "core/error.hpp"
#include "core/observer.hpp"

namespace pmatch::cli {

class Console : public Observer {
public:
    enum class Level { kQuiet, kNormal, kVerbose };

    void set_level(Level level) { level_ = level; }
    /// Of the job, for the commands that are advised.
    void set_collection(std::string path) { collection_ = std::move(path); }
    bool verbose() const override { return level_ == Level::kVerbose; }
    bool quiet() const { return level_ == Level::kQuiet; }

    void note(std::string_view text) const override;     ///< summaries; silent under --quiet
    void detail(std::string_view text) const override;   ///< only with --verbose
    void warning(std::string_view text) const override;  ///< silent under --quiet
    void error(const Error& error) const;                ///< always
    /// A line that shows how far a step is; none under --quiet.
    std::unique_ptr<ProgressMeter> progress(const std::string& what,
                                            std::int64_t total) const override;

private:
    std::string filled(std::string_view text) const;

    Level level_ = Level::kNormal;
    std::string collection_;
};

}  // namespace pmatch::cli
