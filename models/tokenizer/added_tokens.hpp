/// Tokens that are found in a text as they are written, before any word is looked at.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text/json_fields.hpp"
#include "models/subword/byte_trie.hpp"

namespace pmatch {

struct AddedToken {
    std::string content;
    std::int32_t id = 0;
    bool single_word = false;  ///< only with no word character on either side
    bool lstrip = false;       ///< swallows the blanks before it
    bool rstrip = false;       ///< swallows the blanks after it
    bool normalized = false;   ///< looked for in the normalised text, not in the raw one
    bool special = false;      ///< left out of decoded text
};

/// What the reader must know of the rest of the tokenizer.
struct AddedTokensContext {
    std::function<std::int32_t(const std::string&)> model_id;  ///< of a piece of the model, or -1
    std::size_t model_size = 0;
    std::function<std::string(const std::string&)> normalize;
};

/// "added_tokens" of a tokenizer.json, by id; the content of those looked for in the normalised
/// text is normalised. A token is given the model's id for it, else the next one free: the ids in
/// the file do not count, as in the library.
std::vector<AddedToken> read_added_tokens(const JsonFields& top, const AddedTokensContext& context);

class AddedTokens {
public:
    /// Of `tokens` those that are looked for in the normalised text, or those that are not.
    AddedTokens(const std::vector<AddedToken>& tokens, bool normalized);

    /// Cuts `text` at the tokens in it, leftmost and longest first: calls between(piece) for each
    /// piece of text that is not empty and found(id) for each token, in order. Stops as soon as a
    /// call returns false; then false.
    template <typename Between, typename Found>
    bool split(std::string_view text, Between between, Found found) const {
        std::size_t done = 0;
        Match match;
        for (std::size_t from = 0; next_match(text, from, done, match); from = match.resume) {
            if (match.begin > done && !between(text.substr(done, match.begin - done))) return false;
            // All of it may have been swallowed as blanks behind the token before: no token then.
            if (match.begin < match.end && !found(match.id)) return false;
            done = match.end;
        }
        return done >= text.size() || between(text.substr(done));
    }

private:
    struct Match {
        std::size_t begin = 0;
        std::size_t end = 0;
        std::size_t resume = 0;  ///< where the search goes on: behind the token, not its blanks
        std::int32_t id = 0;
    };
    bool next_match(std::string_view text, std::size_t from, std::size_t done, Match& match) const;
    const AddedToken* token_at(std::string_view text, std::size_t position) const;

    std::vector<AddedToken> tokens_;
    ByteTrie contents_;               ///< content to position in tokens_
    std::array<bool, 256> starts_{};  ///< first bytes of the contents
};

}  // namespace pmatch
