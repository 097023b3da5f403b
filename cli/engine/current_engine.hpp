/// Keeps an engine up to date with its collection, for long-running programs.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>

#include "cli/engine/open_engine.hpp"

namespace pmatch {

/// A new state is opened beside the current one, with the same encoders; running requests finish on
/// the old state, which is released after the last of them. Thread-safe.
class CurrentEngine {
public:
    CurrentEngine(std::filesystem::path collection, EngineOptions options);

    std::shared_ptr<const Engine> get() const;

    /// Checks whether the collection has changed and if so opens its new state; returns true if it
    /// did. On failure it throws, and the current state is kept. Without changes it only stats one
    /// file. `warm_up` is called with the new state before others get it.
    bool refresh(const std::function<void(const Engine&)>& warm_up = {});

private:
    std::filesystem::path collection_;
    EngineOptions options_;
    std::mutex refreshing_;
    std::filesystem::file_time_type seen_;  ///< of the manifest; guarded by refreshing_
    mutable std::mutex mutex_;
    std::shared_ptr<const Engine> engine_;  ///< guarded by mutex_
};

}  // namespace pmatch
