/// WordPiece: splits a word greedily into the longest pieces of a vocabulary, from left to right.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/subword/byte_trie.hpp"

namespace pmatch {

class WordPiece {
public:
    struct Entry {
        std::string piece;
        std::int32_t id = 0;
    };
    /// Maximum total size of all pieces.
    static constexpr std::size_t kMaxBytes = ByteTrie::kMaxBytes;

    /// `prefix` marks pieces that continue a word ("##"). A word with more than `max_characters`
    /// characters, or with a part that is not a piece, becomes `unknown`.
    WordPiece(const std::vector<Entry>& vocabulary, std::string_view prefix, std::int32_t unknown,
              std::size_t max_characters);

    /// Appends the ids of one word (valid UTF-8, not empty).
    void append(std::string_view word, std::vector<std::int32_t>& ids) const;

    std::size_t size() const { return size_; }
    std::int32_t unknown() const { return unknown_; }
    std::int32_t id_of(std::string_view piece) const { return pieces_.find(piece); }  ///< or -1

private:
    ByteTrie pieces_;
    std::size_t size_;
    std::uint32_t continued_;  ///< the node of `prefix`
    std::int32_t unknown_;
    std::size_t max_characters_;
};

}  // namespace pmatch
