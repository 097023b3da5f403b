#include "models/added_tokens.hpp"

#include <algorithm>
#include <utility>

#include "models/unicode.hpp"

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

}  // namespace

AddedTokens::AddedTokens(std::vector<AddedToken> tokens) : tokens_(std::move(tokens)) {
    std::erase_if(tokens_, [](const AddedToken& token) { return token.content.empty(); });
    std::stable_sort(tokens_.begin(), tokens_.end(), [](const auto& left, const auto& right) {
        return left.content.size() > right.content.size();
    });
    for (const auto& token : tokens_)
        starts_.at(static_cast<unsigned char>(token.content[0])) = true;
}

const AddedToken* AddedTokens::token_at(std::string_view text, std::size_t position) const {
    const auto rest = text.substr(position);
    const auto found = std::find_if(tokens_.begin(), tokens_.end(), [&](const AddedToken& token) {
        return rest.starts_with(token.content);
    });
    return found == tokens_.end() ? nullptr : &*found;
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
            i = end - 1;  // a token that does not count still uses up its text
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
