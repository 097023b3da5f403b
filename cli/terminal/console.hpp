/// Prints all messages for people to stderr; stdout is for data.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/common/error.hpp"
#include "core/common/observer.hpp"

namespace pmatch::cli {

class Console : public Observer {
public:
    enum class Level { kQuiet, kNormal, kVerbose };

    void set_level(Level level) { level_ = level; }
    bool verbose() const override { return level_ == Level::kVerbose; }
    bool quiet() const { return level_ == Level::kQuiet; }

    void note(const Notice& notice) const override;     ///< summaries; silent under --quiet
    void detail(std::string_view text) const override;  ///< only with --verbose
    void warning(const Notice& notice) const override;  ///< silent under --quiet
    void error(const Error& error) const;               ///< always
    /// A line with the progress of a step; none under --quiet.
    std::unique_ptr<ProgressMeter> progress(const std::string& what,
                                            std::int64_t total) const override;

private:
    Level level_ = Level::kNormal;
};

}  // namespace pmatch::cli
