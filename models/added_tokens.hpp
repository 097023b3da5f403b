/// Tokens that are found in a text as they are written, before any word is looked at.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pmatch {

struct AddedToken {
    std::string content;
    std::int32_t id = 0;
    bool single_word = false;  ///< only with no word character on either side
    bool lstrip = false;       ///< swallows the blanks before it
    bool rstrip = false;       ///< swallows the blanks after it
    bool normalized = false;   ///< looked for in the normalised text, not in the raw one
};

class AddedTokens {
public:
    explicit AddedTokens(std::vector<AddedToken> tokens);

    bool empty() const { return tokens_.empty(); }

    /// Cuts `text` at the tokens in it, leftmost and longest first: calls between(piece) for each
    /// piece of text that is not empty and found(id) for each token, in order. Stops as soon as a
    /// call returns false; then false.
    template <typename Between, typename Found>
    bool split(std::string_view text, Between between, Found found) const {
        std::size_t done = 0;
        Match match;
        for (std::size_t from = 0; next_match(text, from, done, match); from = match.resume) {
            if (match.begin > done && !between(text.substr(done, match.begin - done))) return false;
            if (!found(match.id)) return false;
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

    std::vector<AddedToken> tokens_;  ///< longest first
    std::array<bool, 256> starts_{};  ///< first bytes of the tokens
};

}  // namespace pmatch
