#include "cli/serve/answers/byte_cache.hpp"

#include <utility>

namespace pmatch::cli {
namespace {

constexpr std::size_t kOverhead = 200;  ///< bytes of list, table and strings per entry, about

}  // namespace

std::size_t ByteCache::Entry::size() const {
    return key.size() + value->size() + kOverhead;
}

ByteCache::Value ByteCache::find(const std::string& key, bool counts) {
    const std::lock_guard lock(mutex_);
    const auto found = places_.find(key);
    if (found == places_.end()) {
        counts_.misses += counts ? 1 : 0;
        return nullptr;
    }
    ++counts_.hits;
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->value;
}

void ByteCache::put(const std::string& key, Value value) {
    const std::lock_guard lock(mutex_);
    if (places_.contains(key)) return;
    Entry entry{key, std::move(value)};
    if (entry.size() > most_) return;
    counts_.bytes += entry.size();
    entries_.push_front(std::move(entry));
    places_.emplace(entries_.front().key, entries_.begin());
    while (counts_.bytes > most_)
        drop_oldest();
}

void ByteCache::drop_oldest() {
    const auto& oldest = entries_.back();
    counts_.bytes -= oldest.size();
    places_.erase(oldest.key);
    entries_.pop_back();
}

ByteCache::Counts ByteCache::counts() const {
    const std::lock_guard lock(mutex_);
    auto counts = counts_;
    counts.entries = entries_.size();
    return counts;
}

}  // namespace pmatch::cli
