/// Text in the form in which the lexical side compares it: what a reader takes for the same word
/// has the same bytes.
///
/// It is Unicode's NFKC_Casefold: one form for composed and decomposed letters, for wide, circled
/// and superscript ones and ligatures; no case (ß is ss); nothing that is not seen (soft hyphens,
/// zero-width characters, variation selectors). Four exceptions serve product texts:
///   ™ ℠       and their like end a word instead of becoming letters of it
///   ½         is 1/2 with blanks around, so that 1½ is not 11/2
///   ’ ´ ″     and other apostrophes and quotes are ' and "
///   İ         is i: no dot is left above it
#pragma once

#include <string>
#include <string_view>

namespace pmatch {

enum class Accents {
    kKeep,
    kStrip  ///< without the combining diacritical marks U+0300 to U+036F: é is e, ё is е
};

/// Single-threaded: use one object per thread.
class TextFolder {
public:
    explicit TextFolder(Accents accents = Accents::kKeep) : accents_(accents) {}

    /// The folded text as valid UTF-8, until the next call; bytes that are not UTF-8 become U+FFFD.
    std::string_view fold(std::string_view text);

private:
    void fold_piece(std::string_view piece);
    void append_mapped(char32_t c);

    Accents accents_;
    std::string folded_;
    std::u32string characters_;  ///< of the piece at hand
    std::u32string decomposed_;
    bool attaches_ = false;  ///< one of them may combine with what stands before it
};

}  // namespace pmatch
