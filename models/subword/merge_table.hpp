/// The merges of a byte-pair encoding and their use.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace pmatch {

class MergeTable {
public:
    explicit MergeTable(std::size_t merges);

    /// Two neighbours become one piece. A pair that is there already gets the new rank and piece.
    void add(std::int32_t left, std::int32_t right, std::uint32_t rank, std::int32_t merged);

    /// Merges the ids from `begin` on: the pair of the lowest rank first, of equals the leftmost,
    /// until no pair is left to merge.
    void apply(std::vector<std::int32_t>& ids, std::size_t begin) const;

private:
    struct Entry {
        std::uint64_t pair = kEmpty;
        std::uint32_t rank = 0;
        std::int32_t merged = -1;
    };
    static constexpr std::uint64_t kEmpty = ~std::uint64_t{0};

    const Entry* find(std::int32_t left, std::int32_t right) const;
    std::size_t place(std::uint64_t pair) const;
    void apply_short(std::vector<std::int32_t>& ids, std::size_t begin) const;
    void apply_long(std::vector<std::int32_t>& ids, std::size_t begin) const;

    std::vector<Entry> entries_;  ///< an open hash table, half empty at least
    unsigned shift_ = 0;
};

}  // namespace pmatch
