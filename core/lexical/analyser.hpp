/// Splits text into the terms of a lexical index.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/lexical/text_folder.hpp"

namespace pmatch {

/// words   the words of Unicode Standard Annex 29 (default word boundaries) that hold a letter or
///         a number, in the form of text_folder.hpp: "Nikon D-40, 12.5mm" gives nikon, d, 40,
///         12.5mm. A Han or Hiragana character is a word by itself.
/// 3gram   every three characters in a row of each of those words, without padding; a shorter
///         word is its own term: "lens 5d" gives len, ens, 5d.
/// ...-unaccented   the same of a text without accents: "café" gives cafe.
enum class Analyser {  // numbers are stored: never renumber
    kWords = 1,
    k3gram = 2,
    kWordsUnaccented = 3,
    k3gramUnaccented = 4
};

/// Increased whenever the same text gives different terms; an index keeps the version that it was
/// built with, and its queries are split by that.
/// 1: lower case by simple mapping, otherwise as written. Unicode 15.
/// 2: folded as text_folder.hpp says; the unaccented analysers.
inline constexpr int kAnalyserVersion = 2;
inline constexpr int kOldestAnalyserVersion = 1;

/// Throws UsageError, listing the analysers.
Analyser analyser_from(std::string_view name);
std::string_view name_of(Analyser analyser);
bool is_analyser(std::uint32_t stored);
/// Whether the terms are 3-grams, with or without accents.
bool is_of_3grams(Analyser analyser);

/// Whether a text says anything: holds a letter or a number that is seen. One that does not counts
/// as no text.
bool says_something(std::string_view text);

/// Single-threaded: use one object per thread.
class TermSplitter {
public:
    explicit TermSplitter(Analyser analyser, int version = kAnalyserVersion);

    /// The terms in text order, including repetitions, valid until the next call. Bytes that are
    /// not UTF-8 belong to no word.
    const std::vector<std::string_view>& split(std::string_view text);

private:
    struct Piece {
        std::size_t begin;
        std::size_t end;
    };
    std::string_view prepared(std::string_view text);
    void cut_words(std::string_view text);
    void add_3grams(std::string_view word);

    bool grams_;
    int version_;
    TextFolder folder_;
    std::string lower_;  ///< the text in lower case, for version 1
    std::vector<Piece> words_;
    std::vector<std::string_view> terms_;
};

}  // namespace pmatch
