/// Data of the Unicode standard for text_folder.hpp: NFKC_Casefold, combining classes, canonical
/// compositions.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace pmatch::folding {

/// Every `step`-th character of first..last becomes character + delta.
struct FoldRange {
    char32_t first;
    char32_t last;
    std::uint32_t step;
    std::int32_t delta;
};

/// A character that becomes several.
struct FoldText {
    char32_t from;
    std::u32string_view to;
};

struct CharacterRange {
    char32_t first;
    char32_t last;
};

/// Canonical combining class, not 0.
struct CombiningRange {
    char32_t first;
    char32_t last;
    std::uint8_t value;
};

/// `left` and `right` next to each other are `whole`.
struct Composition {
    char32_t whole;
    char32_t left;
    char32_t right;
};

/// All ascending by their first member; characters from U+0080 on.
std::span<const FoldRange> ranges();
std::span<const CharacterRange> unseen();  ///< removed: nothing of them is seen
std::span<const FoldText> texts();
std::span<const CombiningRange> combining();
std::span<const Composition> compositions();  ///< without those of Hangul, which are computed

}  // namespace pmatch::folding
