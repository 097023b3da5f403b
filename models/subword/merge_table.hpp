/// The merges of a byte-pair encoding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace pmatch {

class MergeTable {
public:
    explicit MergeTable(std::size_t merges);

    /// Adds a merge of two adjacent pieces; an existing pair is replaced.
    void add(std::int32_t left, std::int32_t right, std::uint32_t rank, std::int32_t merged);

    /// Merges the ids from `begin` on: the pair with the lowest rank first, ties from the left,
    /// until no merge applies.
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

    std::vector<Entry> entries_;  ///< open-addressing hash table, at most half full
    unsigned shift_ = 0;
};

}  // namespace pmatch
