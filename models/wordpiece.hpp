/// WordPiece: a word becomes the longest pieces of a vocabulary, from left to right.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pmatch {

class WordPiece {
public:
    struct Entry {
        std::string piece;
        std::int32_t id = 0;
    };
    /// What all pieces may have together, so that a node's number times 256 fits 32 bits.
    static constexpr std::size_t kMaxBytes = std::size_t{15} << 20U;

    /// `prefix` marks the pieces that continue a word ("##"). A word of more than
    /// `max_characters` characters, or with a part that is no piece, becomes `unknown`.
    WordPiece(const std::vector<Entry>& vocabulary, std::string_view prefix, std::int32_t unknown,
              std::size_t max_characters);

    /// Appends the ids of one word (valid UTF-8, not empty).
    void append(std::string_view word, std::vector<std::int32_t>& ids) const;

private:
    /// A trie over bytes; its edges (node and byte to node) are kept in one open hash table.
    struct Edge {
        std::uint32_t key = 0;  ///< node * 256 + byte, plus 1; 0 is an empty slot
        std::uint32_t child = 0;
    };
    std::uint32_t child(std::uint32_t node, unsigned char byte) const;
    std::uint32_t add_child(std::uint32_t node, unsigned char byte);
    std::uint32_t add_path(std::string_view text);
    std::size_t slot(std::uint32_t key) const { return (key * 0x9E3779B1U) >> shift_; }

    std::vector<Edge> edges_;
    unsigned shift_ = 0;
    std::vector<std::int32_t> ids_;  ///< per node: the piece that ends there, or -1
    std::uint32_t continued_ = 0;    ///< the node that `prefix` leads to
    std::int32_t unknown_;
    std::size_t max_characters_;
};

}  // namespace pmatch
