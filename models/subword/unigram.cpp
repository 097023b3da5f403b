#include "models/subword/unigram.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "models/subword/byte_trie.hpp"

namespace pmatch {
namespace {

using Ids = std::vector<std::int32_t>;

constexpr std::size_t kKept = std::size_t{1} << 16U;  // entries of a table kept between words
constexpr double kUnknownPenalty = 10;                // below the lowest score

struct ScoredPiece {
    std::string piece;
    double score = 0;
};

std::size_t total_bytes(const std::vector<ScoredPiece>& pieces) {
    std::size_t bytes = 0;
    for (const auto& piece : pieces)
        bytes += piece.piece.size();
    return bytes;
}

std::size_t character_size(char first) {
    const auto byte = static_cast<unsigned char>(first);
    return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

class Unigram final : public SubwordModel {
public:
    Unigram(std::vector<ScoredPiece> pieces, std::int32_t unknown, bool byte_fallback)
        : trie_(total_bytes(pieces)), pieces_(std::move(pieces)), unknown_(unknown) {
        auto lowest = std::numeric_limits<double>::infinity();
        for (std::size_t id = 0; id < pieces_.size(); ++id) {
            trie_.add(pieces_[id].piece, static_cast<std::int32_t>(id));
            lowest = std::min(lowest, pieces_[id].score);
        }
        unknown_score_ = lowest - kUnknownPenalty;
        for (unsigned byte = 0; byte < 256; ++byte)
            bytes_.at(byte) = byte_fallback ? trie_.find(fmt::format("<0x{:02X}>", byte)) : -1;
    }

    std::size_t size() const override { return pieces_.size(); }
    std::optional<std::int32_t> unknown() const override { return unknown_; }
    std::int32_t id_of(const std::string& piece) const override { return trie_.find(piece); }
    std::optional<std::string_view> piece_of(std::int32_t id) const override {
        if (id < 0 || static_cast<std::size_t>(id) >= pieces_.size()) return {};
        return pieces_[static_cast<std::size_t>(id)].piece;
    }

protected:
    void encode(std::string_view word, Ids& ids) const override {
        thread_local std::vector<Best> best;
        best.assign(word.size() + 1, Best{});
        for (std::size_t at = 0; at < word.size(); at += character_size(word[at]))
            extend(word, at, best);
        // The pieces of the best segmentation, last first; adjacent unknown ones are fused.
        const auto before = ids.size();
        for (auto end = word.size(); end > 0;) {
            std::size_t begin = best[end].begin;
            const auto id = best[end].id;
            if (id == unknown_) {
                while (begin > 0 && best[begin].id == unknown_)
                    begin = best[begin].begin;
                append_unknown(word.substr(begin, end - begin), ids);
            } else {
                ids.push_back(id);
            }
            end = begin;
        }
        std::reverse(ids.begin() + static_cast<std::ptrdiff_t>(before), ids.end());
        if (best.size() > kKept) best = {};
    }

private:
    /// The best segmentation of the text before a position.
    struct Best {
        double score = 0;
        std::uint32_t begin = 0;  ///< of the last piece
        std::int32_t id = -1;     ///< of the last piece; -1: none ends here yet
    };

    /// Tries all pieces that start at `at`. Ties keep the one found first.
    void extend(std::string_view word, std::size_t at, std::vector<Best>& best) const {
        const auto offer = [&](std::size_t end, double score, std::int32_t id) {
            auto& target = best[end];
            const auto sum = score + best[at].score;
            if (target.id < 0 || sum > target.score)
                target = {sum, static_cast<std::uint32_t>(at), id};
        };
        const auto one = character_size(word[at]);
        bool has_character = false;
        auto node = ByteTrie::kRoot;
        for (auto i = at; i < word.size(); ++i) {
            node = trie_.child(node, word[i]);
            if (node == ByteTrie::kRoot) break;
            const auto id = trie_.value(node);
            if (id < 0) continue;
            offer(i + 1, pieces_[static_cast<std::size_t>(id)].score, id);
            has_character = has_character || i + 1 - at == one;
        }
        if (!has_character) offer(at + one, unknown_score_, unknown_);
    }

    /// Appends in reverse, like all ids of a word.
    void append_unknown(std::string_view text, Ids& ids) const {
        if (const auto id = trie_.find(text); id >= 0) {
            ids.push_back(id);
            return;
        }
        const auto before = ids.size();
        for (auto byte = text.rbegin(); byte != text.rend(); ++byte) {
            const auto id = bytes_.at(static_cast<unsigned char>(*byte));
            if (id < 0) {
                ids.resize(before);
                ids.push_back(unknown_);
                return;
            }
            ids.push_back(id);
        }
    }

    ByteTrie trie_;  ///< of the pieces, with their ids
    std::vector<ScoredPiece> pieces_;
    std::int32_t unknown_;
    double unknown_score_ = 0;
    std::array<std::int32_t, 256> bytes_{};  ///< ids of <0x00> to <0xFF>, or -1
};

/// The score as read by the tokenizers library, whose JSON reader (serde_json without
/// `float_roundtrip`) divides the digits as an integer by a power of ten, which can be off in the
/// last place and decide between nearly equal sums. Files hold the shortest digits that represent a
/// number, as written by that library and Python's json.
double as_the_library_reads(double score) {
    std::array<char, 32> text{};
    const auto end =
        std::to_chars(text.data(), text.data() + text.size(), score, std::chars_format::scientific)
            .ptr;
    std::uint64_t digits = 0;  // at most 17
    int exponent = 0;
    bool fraction = false;
    for (const char* at = text.data(); at != end; ++at) {
        if (*at == 'e') {
            const char* const sign = at + 1;
            int power = 0;
            std::from_chars(*sign == '+' ? sign + 1 : sign, end, power);
            exponent += power;
            break;
        }
        if (*at == '.') fraction = true;
        if (*at < '0' || *at > '9') continue;
        digits = digits * 10 + static_cast<std::uint64_t>(*at - '0');
        if (fraction) --exponent;
    }
    constexpr int kLargestPower = 308;
    if (exponent >= 0 || exponent < -kLargestPower) return score;
    const auto value = static_cast<double>(digits) / std::pow(10.0, -exponent);
    return std::signbit(score) ? -value : value;
}

std::vector<ScoredPiece> read_pieces(const JsonFields& model) {
    std::vector<ScoredPiece> pieces;
    const auto& list = model.array("vocab");
    pieces.reserve(list.size());
    for (const auto& entry : list) {
        if (!entry.is_array() || entry.size() != 2 || !entry[0].is_string() ||
            !entry[1].is_number()) {
            model.fail(fmt::format("vocab[{}]", pieces.size()), entry, "a piece and its score");
        }
        pieces.push_back(
            {entry[0].get<std::string>(), as_the_library_reads(entry[1].get<double>())});
    }
    if (const auto bytes = total_bytes(pieces); bytes > ByteTrie::kMaxBytes) {
        model.fail("vocab", bytes, fmt::format("at most {} bytes", ByteTrie::kMaxBytes));
    }
    return pieces;
}

}  // namespace

std::unique_ptr<SubwordModel> load_unigram(const JsonFields& model) {
    auto pieces = read_pieces(model);
    if (pieces.empty()) model.fail("vocab", model.at("vocab"), "pieces");
    const auto unknown = static_cast<std::int32_t>(
        model.integer("unk_id", 0, static_cast<std::int64_t>(pieces.size()) - 1));
    const bool byte_fallback = model.has("byte_fallback") && model.boolean("byte_fallback");
    return std::make_unique<Unigram>(std::move(pieces), unknown, byte_fallback);
}

}  // namespace pmatch
