/// The newest state of a collection, for programs that run longer than one.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>

#include "cli/engine/open_engine.hpp"

namespace pmatch {

/// A newer state is opened beside the one in use, with the same encoders; requests that began on
/// the older one end on it, and it goes with the last of them. Safe to use from many threads.
class CurrentEngine {
public:
    CurrentEngine(std::filesystem::path collection, EngineOptions options);

    std::shared_ptr<const Engine> get() const;

    /// Looks whether the collection has changed, and if so opens what it is now; true: it did. When
    /// that fails it throws, and the state in use stays. Costs a look at one file otherwise.
    bool refresh();

private:
    std::filesystem::path collection_;
    EngineOptions options_;
    std::mutex refreshing_;
    std::filesystem::file_time_type seen_;  ///< guarded by refreshing_
    mutable std::mutex mutex_;
    std::shared_ptr<const Engine> engine_;  ///< guarded by mutex_
};

}  // namespace pmatch
