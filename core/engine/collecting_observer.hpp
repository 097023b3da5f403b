/// Collects notes and warnings for the caller of a request.
#pragma once

#include <mutex>
#include <vector>

#include "core/common/observer.hpp"

namespace pmatch {

class CollectingObserver : public Observer {
public:
    void note(const Notice& notice) const override {
        const std::lock_guard lock(mutex_);
        notes_.push_back(notice);
    }
    void warning(const Notice& notice) const override {
        const std::lock_guard lock(mutex_);
        warnings_.push_back(notice);
    }

    std::vector<Notice> notes() const {
        const std::lock_guard lock(mutex_);
        return notes_;
    }
    std::vector<Notice> warnings() const {
        const std::lock_guard lock(mutex_);
        return warnings_;
    }

private:
    mutable std::mutex mutex_;
    mutable std::vector<Notice> notes_;
    mutable std::vector<Notice> warnings_;
};

}  // namespace pmatch
