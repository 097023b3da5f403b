/// What word segmentation needs to know of each character: data of the Unicode standard.
#pragma once

#include <cstdint>
#include <vector>

namespace pmatch {

/// The values of the property Word_Break (Unicode Standard Annex 29) as far as words need them.
enum class WordClass : std::uint8_t {
    kOther,      ///< no part of a word
    kAlone,      ///< a letter or number that is a word by itself: Han, Hiragana, Thai, ½
    kLetter,     ///< ALetter
    kHebrew,     ///< Hebrew_Letter
    kDigit,      ///< Numeric
    kKatakana,   ///< Katakana
    kConnector,  ///< ExtendNumLet: the underscore and its like
    kMidLetter,  ///< joins letters, as · does
    kMidNumber,  ///< joins digits, as , does
    kMidBoth,    ///< joins both: . ' ’
    kDoubleQuote,
    kExtend  ///< Extend, Format, ZWJ: belongs to the character before it
};

/// Characters first..last have this class; all that no range names are kOther.
struct WordRange {
    char32_t first;
    char32_t last;
    WordClass word_class;
};

/// Every `step`-th character of first..last has the lower-case form character + delta.
struct LowerRange {
    char32_t first;
    char32_t last;
    std::uint32_t step;
    std::int32_t delta;
};

const std::vector<WordRange>& word_ranges();
const std::vector<LowerRange>& lower_ranges();

}  // namespace pmatch
