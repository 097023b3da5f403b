#include "models/tokenizer/added_tokens.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>

#include "models/text/unicode.hpp"

namespace pmatch {
namespace {

bool is_single_word(std::string_view text, std::size_t begin, std::size_t end) {
    if (begin > 0 && unicode::is_word(unicode::last(text, begin))) return false;
    return end >= text.size() || !unicode::is_word(unicode::next(text, end));
}

std::size_t skip_blanks(std::string_view text, std::size_t position) {
    while (position < text.size()) {
        auto after = position;
        if (!unicode::is_whitespace(unicode::next(text, after))) break;
        position = after;
    }
    return position;
}

std::size_t skip_blanks_back(std::string_view text, std::size_t position, std::size_t least) {
    while (position > least) {
        const auto c = unicode::last(text, position);
        if (!unicode::is_whitespace(c)) break;
        position -= c < 0x80 ? 1 : c < 0x800 ? 2 : 3;  // no blank lies above U+FFFF
    }
    return std::max(position, least);
}

AddedToken read_token(const JsonFields& fields) {
    constexpr std::int64_t kMaxId = 0x7fffffff;
    AddedToken token;
    token.content = fields.text("content");
    fields.integer("id", 0, kMaxId);
    token.single_word = fields.boolean("single_word");
    token.lstrip = fields.boolean("lstrip");
    token.rstrip = fields.boolean("rstrip");
    token.normalized = fields.boolean("normalized");
    token.special = fields.boolean("special");
    return token;
}

std::size_t total_bytes(const std::vector<AddedToken>& tokens) {
    std::size_t bytes = 0;
    for (const auto& token : tokens)
        bytes += token.content.size();
    return bytes;
}

}  // namespace

std::vector<AddedToken> read_added_tokens(const JsonFields& top,
                                          const AddedTokensContext& context) {
    std::unordered_map<std::string, std::int32_t> ids;
    std::map<std::int32_t, AddedToken> tokens;
    std::size_t bytes = 0;
    auto next = static_cast<std::int32_t>(context.model_size);
    if (!top.has("added_tokens")) return {};
    const auto& list = top.array("added_tokens");
    for (std::size_t i = 0; i < list.size(); ++i) {
        const auto fields = top.inside(list[i], fmt::format("added_tokens[{}]", i));
        auto token = read_token(fields);
        if (token.content.empty()) continue;
        const auto [entry, is_new] = ids.try_emplace(token.content, -1);
        if (is_new) {
            const auto of_model = context.model_id(token.content);
            entry->second = of_model >= 0 ? of_model : next++;
        }
        token.id = entry->second;
        if (token.normalized) token.content = context.normalize(token.content);
        bytes += token.content.size();
        if (bytes > ByteTrie::kMaxBytes) {
            top.fail("added_tokens", bytes, fmt::format("at most {} bytes", ByteTrie::kMaxBytes));
        }
        tokens[token.id] = std::move(token);
    }
    std::vector<AddedToken> sorted;
    sorted.reserve(tokens.size());
    for (auto& [id, token] : tokens)
        sorted.push_back(std::move(token));
    return sorted;
}

AddedTokens::AddedTokens(const std::vector<AddedToken>& tokens, bool normalized)
    : contents_(total_bytes(tokens)) {
    for (const auto& token : tokens) {
        if (token.normalized != normalized || token.content.empty()) continue;
        contents_.add(token.content, static_cast<std::int32_t>(tokens_.size()));
        starts_.at(static_cast<unsigned char>(token.content[0])) = true;
        tokens_.push_back(token);
    }
}

const AddedToken* AddedTokens::token_at(std::string_view text, std::size_t position) const {
    std::int32_t longest = -1;
    auto node = ByteTrie::kRoot;
    for (auto i = position; i < text.size(); ++i) {
        node = contents_.child(node, text[i]);
        if (node == ByteTrie::kRoot) break;
        if (const auto found = contents_.value(node); found >= 0) longest = found;
    }
    return longest < 0 ? nullptr : &tokens_[static_cast<std::size_t>(longest)];
}

bool AddedTokens::next_match(std::string_view text, std::size_t from, std::size_t done,
                             Match& match) const {
    if (tokens_.empty()) return false;
    for (auto i = from; i < text.size(); ++i) {
        if (!starts_[static_cast<unsigned char>(text[i])]) continue;
        const auto* token = token_at(text, i);
        if (token == nullptr) continue;
        const auto end = i + token->content.size();
        if (token->single_word && !is_single_word(text, i, end)) {
            i = end - 1;  // a rejected token still consumes its text
            continue;
        }
        match.id = token->id;
        match.begin = token->lstrip ? skip_blanks_back(text, i, done) : i;
        match.end = token->rstrip ? skip_blanks(text, end) : end;
        match.resume = end;
        return true;
    }
    return false;
}

}  // namespace pmatch
