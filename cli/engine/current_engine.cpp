#include "cli/engine/current_engine.hpp"

#include <utility>

#include "data/collection/collection_files.hpp"

namespace pmatch {
namespace {

/// A commit replaces the manifest, so its modification time changes.
std::filesystem::file_time_type changed_at(const std::filesystem::path& collection) {
    std::error_code gone;
    return std::filesystem::last_write_time(collection / kManifestName, gone);
}

}  // namespace

CurrentEngine::CurrentEngine(std::filesystem::path collection, EngineOptions options)
    : collection_(std::move(collection)), options_(std::move(options)) {
    if (!options_.encoders) options_.encoders = std::make_shared<SharedEncoders>();
    seen_ = changed_at(collection_);
    engine_ = open_engine(collection_, options_);
}

std::shared_ptr<const Engine> CurrentEngine::get() const {
    const std::lock_guard lock(mutex_);
    return engine_;
}

bool CurrentEngine::refresh(const std::function<void(const Engine&)>& warm_up) {
    const std::lock_guard refreshing(refreshing_);
    // Read before opening, so that a commit in between is detected the next time.
    const auto changed = changed_at(collection_);
    if (changed == seen_) return false;
    auto newer = open_engine(collection_, options_);
    seen_ = changed;
    if (newer->source().generation() == get()->source().generation()) return false;
    if (warm_up) warm_up(*newer);
    const std::lock_guard lock(mutex_);
    engine_ = std::move(newer);
    return true;
}

}  // namespace pmatch
