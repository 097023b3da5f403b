/// Internal to core: disjoint sets of items, of which some must not come together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace pmatch {

/// Union by size, path halving.
class DisjointSets {
public:
    /// To be called before the first join.
    void keep_apart(std::uint32_t a, std::uint32_t b);

    /// Has no effect if the union would exceed `largest` (0 = no limit), or hold items that are to
    /// stay apart.
    void join(std::uint32_t a, std::uint32_t b, std::size_t largest);

    /// The sets of all items that were joined or named; ordered by first member, members ascending.
    std::vector<std::vector<std::uint32_t>> members();

private:
    std::uint32_t of(std::uint32_t item);
    std::size_t size(std::uint32_t root) const;
    bool are_apart(std::uint32_t a, std::uint32_t b) const;
    void inherit_apart(std::uint32_t root, std::uint32_t joined);

    std::unordered_map<std::uint32_t, std::uint32_t> parents_;
    std::unordered_map<std::uint32_t, std::size_t> sizes_;  ///< of roots with more than one member
    std::unordered_map<std::uint32_t, std::unordered_set<std::uint32_t>> apart_;  ///< by root
};

}  // namespace pmatch
