#include "models/wordpiece.hpp"

#include <algorithm>
#include <bit>

namespace pmatch {

WordPiece::WordPiece(const std::vector<Entry>& vocabulary, std::string_view prefix,
                     std::int32_t unknown, std::size_t max_characters)
    : ids_(1, -1), unknown_(unknown), max_characters_(max_characters) {
    std::size_t bytes = prefix.size() + 1;
    for (const auto& entry : vocabulary)
        bytes += entry.piece.size();
    // Half empty at worst: pieces share their beginnings.
    const auto slots = std::bit_ceil(std::max<std::size_t>(bytes * 2, 16));
    edges_.resize(slots);
    shift_ = 32U - static_cast<unsigned>(std::countr_zero(slots));
    for (const auto& entry : vocabulary)
        ids_[add_path(entry.piece)] = entry.id;
    continued_ = add_path(prefix);
    ids_[0] = -1;  // an empty piece would never end a word
}

std::uint32_t WordPiece::child(std::uint32_t node, unsigned char byte) const {
    const auto key = node * 256U + byte + 1U;
    for (auto at = slot(key);; at = (at + 1) & (edges_.size() - 1)) {
        if (edges_[at].key == key) return edges_[at].child;
        if (edges_[at].key == 0) return 0;
    }
}

std::uint32_t WordPiece::add_child(std::uint32_t node, unsigned char byte) {
    if (const auto known = child(node, byte); known != 0) return known;
    const auto key = node * 256U + byte + 1U;
    auto at = slot(key);
    while (edges_[at].key != 0)
        at = (at + 1) & (edges_.size() - 1);
    edges_[at] = {key, static_cast<std::uint32_t>(ids_.size())};
    ids_.push_back(-1);
    return edges_[at].child;
}

std::uint32_t WordPiece::add_path(std::string_view text) {
    std::uint32_t node = 0;
    for (const char c : text)
        node = add_child(node, static_cast<unsigned char>(c));
    return node;
}

void WordPiece::append(std::string_view word, std::vector<std::int32_t>& ids) const {
    const auto characters = std::count_if(word.begin(), word.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    });
    const auto before = ids.size();
    if (static_cast<std::size_t>(characters) > max_characters_) {
        ids.push_back(unknown_);
        return;
    }
    for (std::size_t begin = 0; begin < word.size();) {
        std::uint32_t node = begin == 0 ? 0 : continued_;
        std::int32_t best = -1;
        std::size_t best_end = begin;
        for (auto i = begin; i < word.size(); ++i) {
            node = child(node, static_cast<unsigned char>(word[i]));
            if (node == 0) break;
            if (ids_[node] >= 0) {
                best = ids_[node];
                best_end = i + 1;
            }
        }
        if (best < 0) {
            ids.resize(before);
            ids.push_back(unknown_);
            return;
        }
        ids.push_back(best);
        begin = best_end;
    }
}

}  // namespace pmatch
