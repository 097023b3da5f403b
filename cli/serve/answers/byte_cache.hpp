/// Bodies of responses that were asked for lately.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace pmatch::cli {

/// LRU cache bounded by the bytes of keys and values. Thread-safe.
class ByteCache {
public:
    using Value = std::shared_ptr<const std::string>;
    struct Counts {
        std::uint64_t hits = 0;
        std::uint64_t misses = 0;
        std::size_t entries = 0;
        std::size_t bytes = 0;
    };

    explicit ByteCache(std::size_t most_bytes) : most_(most_bytes) {}

    /// nullptr: not there, which counts as a miss only if `counts`.
    Value find(const std::string& key, bool counts = true);
    /// A value larger than the cache is not kept.
    void put(const std::string& key, Value value);
    Counts counts() const;

private:
    struct Entry {
        std::string key;
        Value value;
        std::size_t size() const;
    };
    void drop_oldest();

    const std::size_t most_;
    mutable std::mutex mutex_;
    std::list<Entry> entries_;  ///< most recently used first
    std::unordered_map<std::string_view, std::list<Entry>::iterator> places_;  ///< views of entries
    Counts counts_;
};

}  // namespace pmatch::cli
