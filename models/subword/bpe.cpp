#include "models/subword/bpe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "core/common/error.hpp"
#include "models/subword/byte_level.hpp"
#include "models/subword/merge_table.hpp"
#include "models/text/unicode.hpp"

namespace pmatch {
namespace {

using Ids = std::vector<std::int32_t>;

constexpr std::int64_t kMaxId = 0x7fffffff;

struct Hash {
    using is_transparent = void;  // NOLINT(readability-identifier-naming): required by std
    std::size_t operator()(std::string_view text) const {
        return std::hash<std::string_view>{}(text);
    }
};
using Vocabulary = std::unordered_map<std::string, std::int32_t, Hash, std::equal_to<>>;

struct BpeOptions {
    std::optional<std::string> unknown;  ///< unset: what is not in the vocabulary is dropped
    std::string prefix;                  ///< of all characters of a word except the first
    std::string suffix;                  ///< of a word's last character
    bool fuse_unknown = false;
    bool byte_fallback = false;
    bool ignore_merges = false;  ///< a word that is a piece is not merged
    bool bytes = false;
};

std::int32_t find(const Vocabulary& vocabulary, std::string_view piece) {
    const auto found = vocabulary.find(piece);
    return found == vocabulary.end() ? -1 : found->second;
}

class Bpe final : public SubwordModel {
public:
    Bpe(Vocabulary vocabulary, MergeTable merges, BpeOptions options)
        : vocabulary_(std::move(vocabulary)),
          merges_(std::move(merges)),
          options_(std::move(options)),
          unknown_(options_.unknown ? find(vocabulary_, *options_.unknown) : -1) {
        by_id_.reserve(vocabulary_.size());
        for (const auto& [piece, id] : vocabulary_) {
            by_id_.emplace_back(id, piece);
            if (!options_.bytes || !options_.ignore_merges) continue;
            if (auto raw = bytes_of(piece)) whole_.emplace(std::move(*raw), id);
        }
        std::sort(by_id_.begin(), by_id_.end());
        if (!options_.bytes) return;
        for (unsigned byte = 0; byte < 256; ++byte) {
            for (const unsigned place : {0U, kFirst, kLast, kFirst | kLast}) {
                starts_.at(place).at(byte) =
                    start(byte_character(static_cast<unsigned char>(byte)), place);
            }
        }
    }

    std::size_t size() const override { return vocabulary_.size(); }
    std::optional<std::int32_t> unknown() const override {
        return unknown_ < 0 ? std::nullopt : std::optional(unknown_);
    }
    std::int32_t id_of(const std::string& piece) const override { return find(vocabulary_, piece); }
    std::optional<std::string_view> piece_of(std::int32_t id) const override {
        const auto found = std::lower_bound(
            by_id_.begin(), by_id_.end(), id,
            [](const auto& entry, std::int32_t wanted) { return entry.first < wanted; });
        if (found == by_id_.end() || found->first != id) return {};
        return found->second;
    }

    /// A word may contain a character without a piece, and there is no unknown piece.
    bool lacks_unknown() const {
        if (unknown_ >= 0 || !options_.unknown) return false;
        if (!options_.bytes) return true;
        return std::any_of(starts_.begin(), starts_.end(), [](const auto& place) {
            return std::any_of(place.begin(), place.end(),
                               [](const Start& start) { return start.id < 0; });
        });
    }

protected:
    void encode(std::string_view word, Ids& ids) const override {
        if (options_.ignore_merges) {
            const auto id = find(options_.bytes ? whole_ : vocabulary_, word);
            if (id >= 0) {
                ids.push_back(id);
                return;
            }
        }
        const auto before = ids.size();
        std::int32_t pending = -1;  // an unknown piece, which may be fused with a following one
        for (std::size_t i = 0; i < word.size();) {
            const auto begin = i;
            if (options_.bytes) {
                ++i;
            } else {
                unicode::next(word, i);
            }
            const auto place = (begin == 0 ? kFirst : 0U) | (i == word.size() ? kLast : 0U);
            if (options_.bytes) {
                add(starts_.at(place)[static_cast<unsigned char>(word[begin])], pending, ids);
            } else {
                add(start(word.substr(begin, i - begin), place), pending, ids);
            }
        }
        if (pending >= 0) ids.push_back(pending);
        merges_.apply(ids, before);
    }

private:
    static constexpr unsigned kFirst = 1;
    static constexpr unsigned kLast = 2;

    /// The initial pieces of a character: its own, or those of its bytes.
    struct Start {
        std::int32_t id = -1;
        Ids bytes;
    };

    Start start(std::string_view character, unsigned place) const {
        std::string piece;
        if ((place & kFirst) == 0) piece = options_.prefix;
        piece += character;
        if ((place & kLast) != 0) piece += options_.suffix;
        Start found{find(vocabulary_, piece), {}};
        if (found.id >= 0 || !options_.byte_fallback) return found;
        for (const char byte : piece) {
            const auto id =
                find(vocabulary_, fmt::format("<0x{:02X}>", static_cast<unsigned char>(byte)));
            if (id < 0) return {};
            found.bytes.push_back(id);
        }
        return found;
    }

    /// As in the library, a pending unknown piece stays pending over bytes.
    void add(const Start& start, std::int32_t& pending, Ids& ids) const {
        if (start.id >= 0) {
            if (pending >= 0) ids.push_back(pending);
            pending = -1;
            ids.push_back(start.id);
        } else if (!start.bytes.empty()) {
            ids.insert(ids.end(), start.bytes.begin(), start.bytes.end());
        } else if (unknown_ >= 0) {
            if (pending >= 0 && !options_.fuse_unknown) ids.push_back(pending);
            pending = unknown_;
        }
    }

    Vocabulary vocabulary_;
    MergeTable merges_;
    BpeOptions options_;
    std::int32_t unknown_;
    Vocabulary whole_;  ///< pieces as raw bytes
    std::vector<std::pair<std::int32_t, std::string_view>> by_id_;
    std::array<std::array<Start, 256>, 4> starts_;  ///< by position and byte
};

Vocabulary read_vocabulary(const JsonFields& model) {
    const auto fields = model.object("vocab");
    Vocabulary vocabulary;
    vocabulary.reserve(fields.json().size());
    for (const auto& [piece, id] : fields.json().items()) {
        if (!id.is_number_integer() || id.get<std::int64_t>() < 0 ||
            id.get<std::int64_t>() > kMaxId) {
            fields.fail(piece, id, "a token id (0 or more)");
        }
        vocabulary.emplace(piece, id.get<std::int32_t>());
    }
    return vocabulary;
}

/// "a b", or a pair of texts. Empty for the line with the version.
std::optional<std::pair<std::string, std::string>> read_merge(const JsonFields& model,
                                                              const nlohmann::json& merge) {
    const char* wanted = "two pieces";
    if (merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string()) {
        return std::pair{merge[0].get<std::string>(), merge[1].get<std::string>()};
    }
    if (!merge.is_string()) model.fail("merges", merge, wanted);
    const auto& line = merge.get_ref<const std::string&>();
    if (line.starts_with("#version")) return {};
    const auto space = line.find(' ');
    if (space == std::string::npos || line.find(' ', space + 1) != std::string::npos) {
        model.fail("merges", merge, wanted);
    }
    return std::pair{line.substr(0, space), line.substr(space + 1)};
}

MergeTable read_merges(const JsonFields& model, const Vocabulary& vocabulary,
                       const std::string& prefix) {
    const auto& list = model.array("merges");
    MergeTable merges(list.size());
    std::uint32_t rank = 0;
    const auto id_of = [&](const std::string& piece) {
        const auto id = find(vocabulary, piece);
        if (id < 0) model.fail("merges", piece, "pieces of the vocabulary");
        return id;
    };
    for (const auto& value : list) {
        const auto pair = read_merge(model, value);
        if (!pair) continue;
        const auto& [left, right] = *pair;
        const auto left_id = id_of(left);
        const auto right_id = id_of(right);
        if (right.size() < prefix.size()) {
            model.fail("merges", right, "pieces with the continuing prefix");
        }
        merges.add(left_id, right_id, rank++, id_of(left + right.substr(prefix.size())));
    }
    return merges;
}

}  // namespace

std::unique_ptr<SubwordModel> load_bpe(const JsonFields& model, bool bytes) {
    const auto text = [&](const char* key) { return model.has(key) ? model.text(key) : ""; };
    const auto flag = [&](const char* key) { return model.has(key) && model.boolean(key); };
    if (model.has("dropout") && model.number("dropout", 0, 1) != 0) {
        model.fail("dropout", model.at("dropout"), "none: encoding must not be random");
    }
    BpeOptions options{
        model.has("unk_token") ? std::optional(model.text("unk_token")) : std::nullopt,
        text("continuing_subword_prefix"),
        text("end_of_word_suffix"),
        flag("fuse_unk"),
        flag("byte_fallback"),
        flag("ignore_merges"),
        bytes};
    constexpr std::size_t kMaxAffix = 256;
    if (options.prefix.size() + options.suffix.size() > kMaxAffix) {
        model.fail("end_of_word_suffix", options.suffix.size(), "a short text");
    }
    auto vocabulary = read_vocabulary(model);
    auto merges = read_merges(model, vocabulary, options.prefix);
    auto made = std::make_unique<Bpe>(std::move(vocabulary), std::move(merges), std::move(options));
    if (made->lacks_unknown()) {
        model.fail("unk_token", model.at("unk_token"), "a piece of the vocabulary");
    }
    return made;
}

}  // namespace pmatch
