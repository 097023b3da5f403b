/// Character properties for word segmentation: data of the Unicode standard.
#pragma once

#include <cstdint>
#include <vector>

namespace pmatch {

/// Values of the property Word_Break (Unicode Standard Annex 29) that matter for words.
enum class WordClass : std::uint8_t {
    kOther,      ///< no part of a word
    kAlone,      ///< a letter or number that forms a word by itself: Han, Hiragana, Thai, ½
    kLetter,     ///< ALetter
    kHebrew,     ///< Hebrew_Letter
    kDigit,      ///< Numeric
    kKatakana,   ///< Katakana
    kConnector,  ///< ExtendNumLet: the underscore and its like
    kMidLetter,  ///< joins letters, as · does
    kMidNumber,  ///< joins digits, as , does
    kMidBoth,    ///< joins both: . ' ’
    kDoubleQuote,
    kExtend  ///< Extend, Format, ZWJ: attaches to the preceding character
};

/// The class of characters first..last; characters in no range are kOther.
struct WordRange {
    char32_t first;
    char32_t last;
    WordClass word_class;
};

/// The lower-case form of every `step`-th character of first..last is character + delta.
struct LowerRange {
    char32_t first;
    char32_t last;
    std::uint32_t step;
    std::int32_t delta;
};

const std::vector<WordRange>& word_ranges();
const std::vector<LowerRange>& lower_ranges();

}  // namespace pmatch
