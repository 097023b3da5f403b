/// Keeps what a request's caller may want to know.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/observer.hpp"

namespace pmatch {

class CollectingObserver : public Observer {
public:
    void note(std::string_view text) const override {
        const std::lock_guard lock(mutex_);
        notes_.emplace_back(text);
    }
    void warning(std::string_view text) const override {
        const std::lock_guard lock(mutex_);
        warnings_.emplace_back(text);
    }

    std::vector<std::string> notes() const {
        const std::lock_guard lock(mutex_);
        return notes_;
    }
    std::vector<std::string> warnings() const {
        const std::lock_guard lock(mutex_);
        return warnings_;
    }

private:
    mutable std::mutex mutex_;
    mutable std::vector<std::string> notes_;
    mutable std::vector<std::string> warnings_;
};

}  // namespace pmatch
