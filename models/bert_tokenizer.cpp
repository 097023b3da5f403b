#include "models/bert_tokenizer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "models/added_tokens.hpp"
#include "models/bert_normalizer.hpp"
#include "models/unicode.hpp"
#include "models/wordpiece.hpp"

namespace pmatch {
namespace {

using Ids = std::vector<std::int32_t>;

constexpr std::int64_t kMaxId = 0x7fffffff;
constexpr std::int64_t kMaxWord = 1'000'000;

/// The ids that go before and after the text's own.
struct Frame {
    Ids before;
    Ids after;
};

class BertTokenizer final : public Tokenizer {
public:
    BertTokenizer(BertNormalizer normalizer, WordPiece pieces, AddedTokens raw,
                  AddedTokens normalized, Frame frame)
        : normalizer_(normalizer),
          pieces_(std::move(pieces)),
          raw_(std::move(raw)),
          normalized_(std::move(normalized)),
          frame_(std::move(frame)) {}

    std::size_t special_tokens() const override {
        return frame_.before.size() + frame_.after.size();
    }

    Ids encode(std::string_view text, std::size_t max_tokens) const override {
        Ids ids;
        ids.reserve(std::min(max_tokens, text.size() / 2 + special_tokens() + 8));
        ids = frame_.before;
        const auto limit = max_tokens - std::min(max_tokens, frame_.after.size());
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
        ids.insert(ids.end(), frame_.after.begin(), frame_.after.end());
        return ids;
    }

private:
    /// Words end at blanks; each punctuation mark is a word. False when `limit` ids are reached.
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
    std::size_t bytes = 0;
    for (const auto& [piece, id] : vocabulary.json().items()) {
        entries.push_back({piece, to_id(vocabulary, piece, id)});
        bytes += piece.size();
    }
    if (bytes > WordPiece::kMaxBytes) {
        model.fail("vocab", bytes, fmt::format("at most {} bytes", WordPiece::kMaxBytes));
    }
    const auto unknown = model.text("unk_token");
    return {entries, model.text("continuing_subword_prefix"),
            to_id(vocabulary, unknown, vocabulary.at(unknown.c_str())),
            static_cast<std::size_t>(model.integer("max_input_chars_per_word", 1, kMaxWord))};
}

/// The tokens to look for in the raw text, then those in the normalised text.
std::pair<AddedTokens, AddedTokens> read_added_tokens(const JsonFields& top,
                                                      const BertNormalizer& normalizer) {
    std::vector<AddedToken> raw;
    std::vector<AddedToken> normalized;
    for (const auto& value : top.array("added_tokens")) {
        const auto fields =
            top.inside(value, fmt::format("added_tokens[{}]", raw.size() + normalized.size()));
        AddedToken token;
        token.content = fields.text("content");
        token.id = to_id(fields, "id", fields.at("id"));
        token.single_word = fields.boolean("single_word");
        token.lstrip = fields.boolean("lstrip");
        token.rstrip = fields.boolean("rstrip");
        token.normalized = fields.boolean("normalized");
        if (token.normalized) {
            std::string content;
            normalizer.append(token.content, content);
            token.content = std::move(content);
        }
        (token.normalized ? normalized : raw).push_back(std::move(token));
    }
    return {AddedTokens(std::move(raw)), AddedTokens(std::move(normalized))};
}

Ids template_ids(const JsonFields& post, const JsonFields& item) {
    const auto name = item.text("id");
    const auto tokens = post.object("special_tokens");
    const auto token = tokens.object(name.c_str());
    Ids ids;
    for (const auto& id : token.array("ids"))
        ids.push_back(to_id(token, "ids", id));
    return ids;
}

Frame read_template(const JsonFields& post) {
    Frame frame;
    bool seen_text = false;
    for (const auto& value : post.array("single")) {
        const auto part = post.inside(value, "single");
        if (part.has("Sequence")) {
            if (seen_text) part.fail("Sequence", value["Sequence"], "one text in the template");
            part.object("Sequence").one_of("id", {"A"});
            seen_text = true;
        } else {
            auto& side = seen_text ? frame.after : frame.before;
            const auto ids = template_ids(post, part.object("SpecialToken"));
            side.insert(side.end(), ids.begin(), ids.end());
        }
    }
    if (!seen_text) post.fail("single", post.at("single"), "a place for the text");
    return frame;
}

Frame read_post_processor(const JsonFields& top) {
    if (!top.has("post_processor")) return {};
    const auto post = top.object("post_processor");
    if (post.one_of("type", {"TemplateProcessing", "BertProcessing"}) == "TemplateProcessing") {
        return read_template(post);
    }
    const auto id_of = [&](const char* key) {
        const auto& pair = post.array(key);
        if (pair.size() != 2) post.fail(key, pair, "a token and its id");
        return to_id(post, key, pair[1]);
    };
    return {{id_of("cls")}, {id_of("sep")}};
}

}  // namespace

std::unique_ptr<Tokenizer> load_bert_tokenizer(const JsonFields& top) {
    const auto normal = top.object("normalizer");
    normal.one_of("type", {"BertNormalizer"});
    const auto normalizer = BertNormalizer::read(normal);
    top.object("pre_tokenizer").one_of("type", {"BertPreTokenizer"});
    auto [raw, normalized] = read_added_tokens(top, normalizer);
    return std::make_unique<BertTokenizer>(normalizer, read_model(top.object("model")),
                                           std::move(raw), std::move(normalized),
                                           read_post_processor(top));
}

}  // namespace pmatch
