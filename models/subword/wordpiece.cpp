#include "models/subword/wordpiece.hpp"

#include <algorithm>

#include "core/text/utf8.hpp"

namespace pmatch {
namespace {

std::size_t total_bytes(const std::vector<WordPiece::Entry>& vocabulary, std::string_view prefix) {
    std::size_t bytes = prefix.size();
    for (const auto& entry : vocabulary)
        bytes += entry.piece.size();
    return bytes;
}

}  // namespace

WordPiece::WordPiece(const std::vector<Entry>& vocabulary, std::string_view prefix,
                     std::int32_t unknown, std::size_t max_characters)
    : pieces_(total_bytes(vocabulary, prefix)),
      size_(vocabulary.size()),
      unknown_(unknown),
      max_characters_(max_characters) {
    for (const auto& entry : vocabulary)
        pieces_.add(entry.piece, entry.id);
    continued_ = pieces_.add_path(prefix);
}

void WordPiece::append(std::string_view word, std::vector<std::int32_t>& ids) const {
    const auto characters =
        std::count_if(word.begin(), word.end(), [](char c) { return !utf8::is_continuation(c); });
    const auto before = ids.size();
    if (static_cast<std::size_t>(characters) > max_characters_) {
        ids.push_back(unknown_);
        return;
    }
    for (std::size_t begin = 0; begin < word.size();) {
        auto node = begin == 0 ? ByteTrie::kRoot : continued_;
        std::int32_t best = -1;
        std::size_t best_end = begin;
        for (auto i = begin; i < word.size(); ++i) {
            node = pieces_.child(node, word[i]);
            if (node == ByteTrie::kRoot) break;
            if (const auto id = pieces_.value(node); id >= 0) {
                best = id;
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
