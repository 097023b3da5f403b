/// Cache of item ids by row: ties are broken by id, so rankings need the same ids repeatedly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <utility>

#include "core/engine/item_reader.hpp"
#include "core/ranking/rank_lists.hpp"

namespace pmatch {

/// Shared by all rankings. Thread-safe.
class SharedIds {
public:
    explicit SharedIds(const ItemReader& items) : items_(items) {}

    std::string of(std::int64_t row) const {
        {
            const std::shared_lock lock(mutex_);
            const auto found = ids_.find(row);
            if (found != ids_.end()) return found->second;
        }
        auto id = items_.id_of(row);
        const std::lock_guard lock(mutex_);
        if (ids_.size() < kMost) ids_.emplace(row, id);
        return id;
    }

private:
    static constexpr std::size_t kMost = 1'000'000;

    const ItemReader& items_;
    mutable std::shared_mutex mutex_;
    mutable std::unordered_map<std::int64_t, std::string> ids_;
};

/// The ids used by one ranking. Single-threaded.
class IdMemo {
public:
    explicit IdMemo(std::function<std::string(std::int64_t)> read) : read_(std::move(read)) {}

    const std::string& of(std::int64_t row) {
        auto& id = ids_[row];
        if (id.empty()) id = read_(row);
        return id;
    }
    /// For a row that was requested before; then thread-safe.
    const std::string& known(std::int64_t row) const { return ids_.at(row); }
    /// Must not outlive this object.
    IdOfRow getter() {
        return [this](std::int64_t row) -> const std::string& { return of(row); };
    }

private:
    std::function<std::string(std::int64_t)> read_;
    std::unordered_map<std::int64_t, std::string> ids_;
};

}  // namespace pmatch
