#include "models/tokenizer/pipeline_tokenizer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>

#include "core/common/error.hpp"
#include "models/subword/bpe.hpp"
#include "models/subword/byte_level.hpp"
#include "models/subword/unigram.hpp"
#include "models/text/normalizer.hpp"
#include "models/text/unicode.hpp"
#include "models/tokenizer/added_tokens.hpp"
#include "models/tokenizer/post_processor.hpp"
#include "models/tokenizer/pre_tokenizer.hpp"

namespace pmatch {
namespace {

using Ids = std::vector<std::int32_t>;

constexpr std::size_t kMaxText = std::size_t{32} << 20U;  // bytes
constexpr std::size_t kKept = std::size_t{1} << 20U;      // bytes of buffers kept between texts

/// The components of a tokenizer.json.
struct Parts {
    std::unique_ptr<Normalizer> normalizer;  ///< or null
    PreTokenizers pre_tokenizers;
    std::unique_ptr<SubwordModel> model;
    std::vector<AddedToken> added;
    Frame frame;
    std::string decoder;  ///< its type; empty = none
};

std::string made_valid(std::string_view text) {
    std::string valid;
    valid.reserve(text.size() + 8);
    for (std::size_t i = 0; i < text.size();)
        unicode::append(valid, unicode::next(text, i));
    return valid;
}

class PipelineTokenizer final : public Tokenizer {
public:
    explicit PipelineTokenizer(Parts parts)
        : parts_(std::move(parts)), raw_(parts_.added, false), normalized_(parts_.added, true) {
        for (const auto& token : parts_.added)
            added_[token.id] = &token;
    }

    std::size_t special_tokens() const override { return parts_.frame.size(); }
    Ids framed(Ids content) const override { return parts_.frame.around(std::move(content)); }
    std::optional<std::int32_t> unknown_token() const override { return parts_.model->unknown(); }

    Ids content(std::string_view text, std::size_t limit) const override {
        if (text.size() > kMaxText) {
            throw Error{fmt::format("a text of {} bytes, the limit is {}", text.size(), kMaxText),
                        {},
                        "shorten the text"};
        }
        Ids ids;
        if (unicode::is_valid(text)) {
            append_text(text, limit, ids);
        } else {
            append_text(made_valid(text), limit, ids);
        }
        if (ids.size() > limit) ids.resize(limit);
        return ids;
    }

    std::string decode(std::span<const std::int32_t> ids) const override {
        if (parts_.decoder != "ByteLevel") {
            throw Error{fmt::format("'decoder.type' is {}, expected ByteLevel",
                                    parts_.decoder.empty() ? "null" : parts_.decoder),
                        {},
                        "use a model whose tokenizer is a byte-level BPE"};
        }
        std::string bytes;
        for (const auto id : ids) {
            const auto found = added_.find(id);
            if (found != added_.end() && found->second->special) continue;
            const auto piece = found != added_.end() ? found->second->content
                                                     : parts_.model->piece_of(id).value_or("");
            bytes += bytes_of(piece).value_or(std::string(piece));
        }
        return unicode::is_valid(bytes) ? bytes : made_valid(bytes);
    }

private:
    void append_text(std::string_view text, std::size_t limit, Ids& ids) const {
        if (ids.size() >= limit) return;
        thread_local Words words;
        thread_local std::string normal;
        auto& cache = parts_.model->cache();
        const auto found = [&](std::int32_t id) {
            ids.push_back(id);
            return ids.size() < limit;
        };
        raw_.split(
            text,
            [&](std::string_view piece) {
                normal = piece;
                std::size_t origin = 0;
                if (piece.data() == text.data()) unicode::next(piece, origin);
                if (parts_.normalizer) parts_.normalizer->apply(normal, origin);
                return normalized_.split(
                    normal,
                    [&](std::string_view part) {
                        words.at_start =
                            static_cast<std::size_t>(part.data() - normal.data()) < origin;
                        return append_words(part, words, cache, limit, ids);
                    },
                    found);
            },
            found);
        if (text.size() > kKept) {
            words = {};
            normal = {};
        }
    }

    /// Returns false once `limit` ids are reached.
    bool append_words(std::string_view text, Words& words, WordCache& cache, std::size_t limit,
                      Ids& ids) const {
        words.text = text;
        words.spans.assign(1, {0, text.size()});
        for (const auto& step : parts_.pre_tokenizers.steps)
            step->apply(words);
        for (const auto& span : words.spans) {
            parts_.model->append(words.word(span), cache, ids);
            if (ids.size() >= limit) return false;
        }
        return true;
    }

    Parts parts_;
    AddedTokens raw_;
    AddedTokens normalized_;
    std::unordered_map<std::int32_t, const AddedToken*> added_;
};

}  // namespace

std::unique_ptr<Tokenizer> load_pipeline_tokenizer(const JsonFields& top) {
    Parts parts;
    parts.normalizer = read_normalizer(top);
    parts.pre_tokenizers = read_pre_tokenizers(top);
    const auto model = top.object("model");
    if (model.text("type") == "BPE") {
        parts.model = load_bpe(model, parts.pre_tokenizers.bytes);
    } else {
        if (parts.pre_tokenizers.bytes) model.fail("type", "Unigram", "BPE behind ByteLevel");
        parts.model = load_unigram(model);
    }
    parts.added =
        read_added_tokens(top, {[&](const std::string& piece) { return parts.model->id_of(piece); },
                                parts.model->size(),
                                [&](std::string text) {
                                    std::size_t origin = 0;
                                    if (parts.normalizer) parts.normalizer->apply(text, origin);
                                    return text;
                                }});
    parts.frame = read_post_processor(top);
    if (top.has("decoder")) parts.decoder = top.object("decoder").text("type");
    return std::make_unique<PipelineTokenizer>(std::move(parts));
}

}  // namespace pmatch
