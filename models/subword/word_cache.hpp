/// Caches the ids of recent words, as most texts use few distinct words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pmatch {

class WordCache {
public:
    /// The calling thread's cache for the model with this number, so no lock is needed. A thread
    /// keeps the caches of the few models it used last.
    static WordCache& of(std::uint64_t model);

    /// Appends the word's ids if they are cached.
    bool append(std::string_view word, std::vector<std::int32_t>& ids) const {
        if (slots_.empty()) return false;
        const auto& slot = slots_[place(word)];
        if (slot.size != word.size() || word.empty()) return false;
        const auto first = ids_.begin() + slot.ids;
        ids.insert(ids.end(), first, first + slot.count);
        return true;
    }

    /// Caches the ids of a word that is not cached yet, unless it is long. A full cache is cleared.
    void put(std::string_view word, const std::int32_t* ids, std::size_t count);

private:
    struct Slot {
        std::uint64_t hash = 0;
        std::uint32_t text = 0;   ///< offset of the word in words_
        std::uint32_t ids = 0;    ///< offset of its ids in ids_
        std::uint32_t size = 0;   ///< bytes of the word; 0 = empty slot
        std::uint32_t count = 0;  ///< number of ids
    };
    std::size_t place(std::string_view word) const;

    std::vector<Slot> slots_;
    std::size_t used_ = 0;
    std::string words_;
    std::vector<std::int32_t> ids_;
};

}  // namespace pmatch
