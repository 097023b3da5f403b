/// The tokenizers library's classes of code points, where its tables differ from ICU's.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace pmatch::unicode {

enum CharacterFlag : std::uint16_t {
    kLetter = 1U << 0U,           ///< \p{L} of a pattern
    kNumber = 1U << 1U,           ///< \p{N} of a pattern
    kBlank = 1U << 2U,            ///< \s of a pattern
    kWord = 1U << 3U,             ///< \w next to an added token
    kJoinsLeft = 1U << 4U,        ///< clusters: Extend, SpacingMark, ZWJ
    kSpacing = 1U << 5U,          ///< clusters: SpacingMark
    kJoinsRight = 1U << 6U,       ///< clusters: Prepend
    kControl = 1U << 7U,          ///< clusters: Control, CR, LF
    kPictograph = 1U << 8U,       ///< clusters: Extended_Pictographic
    kConsonant = 1U << 9U,        ///< clusters: Indic conjunct consonant
    kLinker = 1U << 10U,          ///< clusters: Indic conjunct linker
    kConjunctExtend = 1U << 11U,  ///< clusters: Indic conjunct extend
    kMark = 1U << 12U,            ///< removed by StripAccents
};

/// Extends to the next run's first character.
struct CharacterRun {
    char32_t first;
    std::uint16_t flags;
};
std::span<const CharacterRun> character_runs();

/// The runs as a two-stage table.
class CharacterTable {
public:
    static const CharacterTable& instance();

    /// CharacterFlags of a code point (at most U+10FFFF).
    std::uint16_t flags(char32_t c) const { return cells_[pages_[c >> 8U] + (c & 0xFFU)]; }

private:
    CharacterTable();

    std::array<std::uint32_t, 0x1100> pages_{};
    std::vector<std::uint16_t> cells_;
};

}  // namespace pmatch::unicode
