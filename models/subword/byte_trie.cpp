#include "models/subword/byte_trie.hpp"

#include <algorithm>
#include <bit>

namespace pmatch {

ByteTrie::ByteTrie(std::size_t bytes) : values_(1, -1) {
    // At most half full, as strings share prefixes.
    const auto slots = std::bit_ceil(std::max<std::size_t>(bytes * 2, 16));
    edges_.resize(slots);
    shift_ = 32U - static_cast<unsigned>(std::countr_zero(slots));
}

std::uint32_t ByteTrie::add_path(std::string_view text) {
    std::uint32_t node = kRoot;
    for (const char c : text) {
        auto next = child(node, c);
        if (next == kRoot) {
            const auto key = node * 256U + static_cast<unsigned char>(c) + 1U;
            auto at = slot(key);
            while (edges_[at].key != 0)
                at = (at + 1) & (edges_.size() - 1);
            next = static_cast<std::uint32_t>(values_.size());
            edges_[at] = {key, next};
            values_.push_back(-1);
        }
        node = next;
    }
    return node;
}

std::uint32_t ByteTrie::add(std::string_view text, std::int32_t value) {
    const auto node = add_path(text);
    if (node != kRoot) values_[node] = value;
    return node;
}

std::int32_t ByteTrie::find(std::string_view text) const {
    std::uint32_t node = kRoot;
    for (const char c : text) {
        node = child(node, c);
        if (node == kRoot) return -1;
    }
    return values_[node];
}

}  // namespace pmatch
