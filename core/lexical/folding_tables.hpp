/// Internal to core/lexical: the tables of folding_data.hpp for look-up by character.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "core/lexical/folding_data.hpp"

namespace pmatch::folding {

class Tables {
public:
    static const Tables& get();

    /// What the character becomes: nothing (`unseen`), one character, or several (`text`).
    struct Fold {
        bool unseen = false;
        char32_t character = 0;
        std::u32string_view text = {};
    };
    Fold fold(char32_t c) const;

    /// Whether the character may combine with the one before it.
    bool attaches(char32_t c) const { return (cell(c) & kAttaches) != 0; }
    std::uint8_t combining_class(char32_t c) const;
    /// The character for two next to each other; 0 if there is none.
    char32_t compose(char32_t left, char32_t right) const;
    /// The reverse of compose().
    std::optional<std::pair<char32_t, char32_t>> decompose(char32_t whole) const;

private:
    // A cell holds the character itself, or the index of a text, and flags. 0: it stays as it is.
    static constexpr std::uint32_t kValue = 0x1FFFFF;
    static constexpr std::uint32_t kUnseen = 1U << 29U;
    static constexpr std::uint32_t kText = 1U << 30U;
    static constexpr std::uint32_t kAttaches = 1U << 31U;
    static constexpr std::size_t kPage = 256;

    Tables();
    std::uint32_t& make_cell(char32_t c);
    std::uint32_t cell(char32_t c) const { return cells_[pages_[c / kPage] + c % kPage]; }

    std::array<std::uint32_t, 0x110000 / kPage> pages_{};  ///< 0: the page of zeros
    std::vector<std::uint32_t> cells_;
    std::vector<Composition> by_parts_;
};

}  // namespace pmatch::folding
