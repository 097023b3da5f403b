/// A map from byte strings to numbers that finds all keys starting at a position of a text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace pmatch {

class ByteTrie {
public:
    /// Maximum total size of all strings, so that a node's number times 256 fits in 32 bits.
    static constexpr std::size_t kMaxBytes = std::size_t{15} << 20U;
    static constexpr std::uint32_t kRoot = 0;

    /// Reserves space for strings of `bytes` bytes in total, at most kMaxBytes.
    explicit ByteTrie(std::size_t bytes = 0);

    /// Adds `text` with a value of 0 or more, replacing an existing value. The empty string is a
    /// node but never has a value. Returns the node where the text ends.
    std::uint32_t add(std::string_view text, std::int32_t value);

    /// The node of `text`, created if it is missing.
    std::uint32_t add_path(std::string_view text);

    /// kRoot if there is none.
    std::uint32_t child(std::uint32_t node, char byte) const {
        const auto key = node * 256U + static_cast<unsigned char>(byte) + 1U;
        for (auto at = slot(key);; at = (at + 1) & (edges_.size() - 1)) {
            if (edges_[at].key == key) return edges_[at].child;
            if (edges_[at].key == 0) return kRoot;
        }
    }

    /// The value of the string that ends at the node, or -1.
    std::int32_t value(std::uint32_t node) const { return values_[node]; }

    /// The value of `text`, or -1.
    std::int32_t find(std::string_view text) const;

private:
    /// Edges (from node and byte to node) in an open-addressing hash table.
    struct Edge {
        std::uint32_t key = 0;  ///< node * 256 + byte, plus 1; 0 = empty slot
        std::uint32_t child = 0;
    };
    std::size_t slot(std::uint32_t key) const { return (key * 0x9E3779B1U) >> shift_; }

    std::vector<Edge> edges_;
    unsigned shift_ = 0;
    std::vector<std::int32_t> values_;  ///< per node
};

}  // namespace pmatch
