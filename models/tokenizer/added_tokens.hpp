/// Tokens that are matched literally, before a text is split into words.
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
    bool single_word = false;  ///< only if no word character is adjacent
    bool lstrip = false;       ///< includes preceding blanks
    bool rstrip = false;       ///< includes following blanks
    bool normalized = false;   ///< matched in the normalised text instead of the raw one
    bool special = false;      ///< omitted from decoded text
};

/// What reading added tokens requires of the other parts of the tokenizer.
struct AddedTokensContext {
    std::function<std::int32_t(const std::string&)> model_id;  ///< of a piece of the model, or -1
    std::size_t model_size = 0;
    std::function<std::string(const std::string&)> normalize;
};

/// Reads "added_tokens" of a tokenizer.json, by id; tokens matched in the normalised text are
/// normalised. A token gets the model's id for it, else the next free one: as in the library, the
/// ids in the file are ignored.
std::vector<AddedToken> read_added_tokens(const JsonFields& top, const AddedTokensContext& context);

class AddedTokens {
public:
    /// Uses those of `tokens` that are matched in the normalised text, or the others.
    AddedTokens(const std::vector<AddedToken>& tokens, bool normalized);

    /// Splits `text` at tokens, leftmost and longest first: calls between(piece) for each non-empty
    /// piece of text and found(id) for each token, in order. Stops and returns false as soon as a
    /// call returns false.
    template <typename Between, typename Found>
    bool split(std::string_view text, Between between, Found found) const {
        std::size_t done = 0;
        Match match;
        for (std::size_t from = 0; next_match(text, from, done, match); from = match.resume) {
            if (match.begin > done && !between(text.substr(done, match.begin - done))) return false;
            // The preceding token may have included all of it as blanks; then there is no token.
            if (match.begin < match.end && !found(match.id)) return false;
            done = match.end;
        }
        return done >= text.size() || between(text.substr(done));
    }

private:
    struct Match {
        std::size_t begin = 0;
        std::size_t end = 0;
        std::size_t resume = 0;  ///< where the search continues: after the token, not its blanks
        std::int32_t id = 0;
    };
    bool next_match(std::string_view text, std::size_t from, std::size_t done, Match& match) const;
    const AddedToken* token_at(std::string_view text, std::size_t position) const;

    std::vector<AddedToken> tokens_;
    ByteTrie contents_;               ///< content → index in tokens_
    std::array<bool, 256> starts_{};  ///< first bytes of the contents
};

}  // namespace pmatch
