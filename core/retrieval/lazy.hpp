/// Shared objects that are expensive to create.
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

namespace pmatch {

/// Created by the first caller, while other callers wait. If creation fails, the next caller tries
/// again.
template <typename T>
class Lazy {
public:
    T& get(const std::function<std::unique_ptr<T>()>& make) {
        const std::lock_guard lock(mutex_);
        if (!value_) value_ = make();
        return *value_;
    }

private:
    std::mutex mutex_;
    std::unique_ptr<T> value_;
};

/// One Lazy per key; creating one does not block the others.
template <typename Key, typename T>
class LazyMap {
public:
    T& get(const Key& key, const std::function<std::unique_ptr<T>()>& make) {
        return slot(key).get(make);
    }

private:
    Lazy<T>& slot(const Key& key) {
        const std::lock_guard lock(mutex_);
        return slots_[key];
    }

    std::mutex mutex_;
    std::map<Key, Lazy<T>> slots_;
};

/// LRU cache of at most `limit` values. Concurrent misses of the same key create the value twice.
template <typename Key, typename T>
class RecentMap {
public:
    explicit RecentMap(std::size_t limit) : limit_(limit) {}

    std::shared_ptr<const T> get(const Key& key,
                                 const std::function<std::shared_ptr<const T>()>& make) {
        if (auto found = find(key)) return found;
        auto made = make();
        const std::lock_guard lock(mutex_);
        for (const auto& entry : entries_) {
            if (entry.first == key) return entry.second;
        }
        entries_.emplace_front(key, made);
        if (entries_.size() > limit_) entries_.pop_back();
        return made;
    }

private:
    std::shared_ptr<const T> find(const Key& key) {
        const std::lock_guard lock(mutex_);
        for (auto at = entries_.begin(); at != entries_.end(); ++at) {
            if (at->first != key) continue;
            entries_.splice(entries_.begin(), entries_, at);
            return at->second;
        }
        return nullptr;
    }

    std::size_t limit_;
    std::mutex mutex_;
    std::list<std::pair<Key, std::shared_ptr<const T>>> entries_;  ///< most recently used first
};

}  // namespace pmatch
