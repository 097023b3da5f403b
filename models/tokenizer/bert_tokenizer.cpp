#include "models/tokenizer/bert_tokenizer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "core/common/error.hpp"
#include "models/subword/wordpiece.hpp"
#include "models/text/bert_normalizer.hpp"
#include "models/text/unicode.hpp"
#include "models/tokenizer/added_tokens.hpp"
#include "models/tokenizer/post_processor.hpp"

namespace pmatch {
namespace {

using Ids = std::vector<std::int32_t>;

constexpr std::int64_t kMaxId = 0x7fffffff;
constexpr std::int64_t kMaxWord = 1'000'000;

class BertTokenizer final : public Tokenizer {
public:
    BertTokenizer(BertNormalizer normalizer, WordPiece pieces, const std::vector<AddedToken>& added,
                  Frame frame)
        : normalizer_(normalizer),
          pieces_(std::move(pieces)),
          raw_(added, false),
          normalized_(added, true),
          frame_(std::move(frame)) {}

    std::size_t special_tokens() const override { return frame_.size(); }
    Ids framed(Ids content) const override { return frame_.around(std::move(content)); }
    std::optional<std::int32_t> unknown_token() const override { return pieces_.unknown(); }

    std::string decode(std::span<const std::int32_t> /*ids*/) const override {
        throw Error{"a WordPiece tokenizer does not decode here",
                    {},
                    "use a model whose tokenizer is a byte-level BPE"};
    }

    Ids content(std::string_view text, std::size_t limit) const override {
        Ids ids;
        if (limit == 0) return ids;
        ids.reserve(std::min(limit, text.size() / 2) + special_tokens() + 8);
        const auto room = [&] { return ids.size() < limit; };
        const auto found = [&](std::int32_t id) {
            ids.push_back(id);
            return room();
        };
        std::string normal;
        raw_.split(
            text,
            [&](std::string_view piece) {
                normal.clear();
                normalizer_.append(piece, normal);
                return normalized_.split(
                    normal, [&](std::string_view part) { return append_words(part, limit, ids); },
                    found);
            },
            found);
        if (ids.size() > limit) ids.resize(limit);
        return ids;
    }

private:
    /// Words are separated by blanks; each punctuation mark is a word. Returns false once `limit`
    /// is reached.
    bool append_words(std::string_view text, std::size_t limit, Ids& ids) const {
        std::size_t begin = 0;
        const auto flush = [&](std::size_t end) {
            if (end > begin) pieces_.append(text.substr(begin, end - begin), ids);
        };
        for (std::size_t i = 0; i < text.size();) {
            const auto at = i;
            const auto c = unicode::next(text, i);
            const bool blank =
                c < 0x80 ? (c == ' ' || (c >= 9 && c <= 13)) : unicode::is_whitespace(c);
            if (!blank && !unicode::is_punctuation(c)) continue;
            flush(at);
            if (!blank) pieces_.append(text.substr(at, i - at), ids);
            begin = i;
            if (ids.size() >= limit) return false;
        }
        flush(text.size());
        return ids.size() < limit;
    }

    BertNormalizer normalizer_;
    WordPiece pieces_;
    AddedTokens raw_;
    AddedTokens normalized_;
    Frame frame_;
};

std::int32_t to_id(const JsonFields& fields, const std::string& key, const nlohmann::json& value) {
    if (!value.is_number_integer() || value.get<std::int64_t>() < 0 ||
        value.get<std::int64_t>() > kMaxId) {
        fields.fail(key, value, "a token id (0 or more)");
    }
    return value.get<std::int32_t>();
}

WordPiece read_model(const JsonFields& model) {
    const auto vocabulary = model.object("vocab");
    std::vector<WordPiece::Entry> entries;
    entries.reserve(vocabulary.json().size());
    auto bytes = model.text("continuing_subword_prefix").size();
    for (const auto& [piece, id] : vocabulary.json().items()) {
        entries.push_back({piece, to_id(vocabulary, piece, id)});
        bytes += piece.size();
    }
    if (bytes > WordPiece::kMaxBytes) {
        model.fail("vocab", bytes, fmt::format("at most {} bytes", WordPiece::kMaxBytes));
    }
    const auto unknown = model.text("unk_token");
    return {entries, model.text("continuing_subword_prefix"),
            to_id(vocabulary, unknown, vocabulary.at(unknown)),
            static_cast<std::size_t>(model.integer("max_input_chars_per_word", 1, kMaxWord))};
}

}  // namespace

std::unique_ptr<Tokenizer> load_bert_tokenizer(const JsonFields& top) {
    const auto normal = top.object("normalizer");
    normal.one_of("type", {"BertNormalizer"});
    const auto normalizer = BertNormalizer::read(normal);
    top.object("pre_tokenizer").one_of("type", {"BertPreTokenizer"});
    auto pieces = read_model(top.object("model"));
    const auto added = read_added_tokens(
        top, {[&](const std::string& piece) { return pieces.id_of(piece); }, pieces.size(),
              [&](const std::string& text) {
                  std::string out;
                  normalizer.append(text, out);
                  return out;
              }});
    return std::make_unique<BertTokenizer>(normalizer, std::move(pieces), added,
                                           read_post_processor(top));
}

}  // namespace pmatch
