#include "models/subword/word_cache.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <utility>

namespace pmatch {
namespace {

constexpr std::size_t kSlots = 1U << 15U;
constexpr std::size_t kMaxWords = kSlots / 2;
constexpr std::size_t kMaxWord = 96;  // bytes
constexpr std::size_t kMaxModels = 4;
constexpr std::size_t kMaxIds = 1U << 18U;

std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
    hash = (hash ^ value) * 0x9E3779B97F4A7C15U;
    return hash ^ (hash >> 29U);
}

std::uint64_t hash_of(std::string_view word) {
    std::uint64_t hash = word.size();
    std::uint64_t eight = 0;
    for (; word.size() >= sizeof eight; word.remove_prefix(sizeof eight)) {
        std::memcpy(&eight, word.data(), sizeof eight);
        hash = mix(hash, eight);
    }
    eight = 0;
    for (const char c : word)
        eight = eight << 8U | static_cast<unsigned char>(c);
    return mix(hash, eight);
}

}  // namespace

WordCache& WordCache::of(std::uint64_t model) {
    using Entry = std::pair<std::uint64_t, std::unique_ptr<WordCache>>;
    thread_local std::vector<Entry> caches;
    const auto found = std::find_if(caches.begin(), caches.end(),
                                    [&](const Entry& entry) { return entry.first == model; });
    if (found != caches.end()) {
        std::rotate(caches.begin(), found, found + 1);  // most recently used first
    } else {
        if (caches.size() == kMaxModels) caches.pop_back();
        caches.emplace(caches.begin(), model, std::make_unique<WordCache>());
    }
    return *caches.front().second;
}

std::size_t WordCache::place(std::string_view word) const {
    const auto hash = hash_of(word);
    for (auto at = hash & (kSlots - 1);; at = (at + 1) & (kSlots - 1)) {
        const auto& slot = slots_[at];
        if (slot.size == 0) return at;
        if (slot.hash == hash && slot.size == word.size() &&
            std::memcmp(words_.data() + slot.text, word.data(), word.size()) == 0) {
            return at;
        }
    }
}

void WordCache::put(std::string_view word, const std::int32_t* ids, std::size_t count) {
    if (word.empty() || word.size() > kMaxWord || count > kMaxWord * 4) return;
    if (slots_.empty() || used_ >= kMaxWords || ids_.size() > kMaxIds) {
        slots_.assign(kSlots, {});
        used_ = 0;
        words_.clear();
        ids_.clear();
    }
    auto& slot = slots_[place(word)];
    slot = {hash_of(word), static_cast<std::uint32_t>(words_.size()),
            static_cast<std::uint32_t>(ids_.size()), static_cast<std::uint32_t>(word.size()),
            static_cast<std::uint32_t>(count)};
    words_ += word;
    ids_.insert(ids_.end(), ids, ids + count);
    ++used_;
}

}  // namespace pmatch
