/// Common base of the models that split words into pieces.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/subword/word_cache.hpp"

namespace pmatch {

class SubwordModel {
public:
    SubwordModel();
    virtual ~SubwordModel() = default;

    /// Appends the ids of a word (valid UTF-8, not empty).
    void append(std::string_view word, WordCache& cache, std::vector<std::int32_t>& ids) const {
        if (cache.append(word, ids)) return;
        const auto before = ids.size();
        encode(word, ids);
        cache.put(word, ids.data() + before, ids.size() - before);
    }

    /// The calling thread's cache for append().
    WordCache& cache() const { return WordCache::of(number_); }

    virtual std::size_t size() const = 0;
    virtual std::int32_t id_of(const std::string& piece) const = 0;  ///< or -1

    /// What stands for all that the vocabulary lacks, if something does.
    virtual std::optional<std::int32_t> unknown() const = 0;

    /// The piece with this id, as in the vocabulary.
    virtual std::optional<std::string_view> piece_of(std::int32_t id) const = 0;

protected:
    virtual void encode(std::string_view word, std::vector<std::int32_t>& ids) const = 0;

private:
    std::uint64_t number_;  ///< unique in this process
};

}  // namespace pmatch
