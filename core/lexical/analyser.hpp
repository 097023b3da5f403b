/// Splits text into the terms of a lexical index.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pmatch {

/// words   the words of Unicode Standard Annex 29 (default word boundaries) that hold a letter or
///         a number, in lower case (simple mapping): "Nikon D-40, 12.5mm" gives nikon, d, 40,
///         12.5mm. A Han or Hiragana character is a word by itself.
/// 3gram   every three characters in a row of each of those words, without padding; a shorter
///         word is its own term: "lens 5d" gives len, ens, 5d.
enum class Analyser { kWords = 1, k3gram = 2 };  // numbers are stored: never renumber

/// Increased whenever the same text gives different terms. Unicode 15.
inline constexpr int kAnalyserVersion = 1;

/// Throws UsageError, listing the analysers.
Analyser analyser_from(std::string_view name);
std::string_view name_of(Analyser analyser);

/// Single-threaded: use one object per thread.
class TermSplitter {
public:
    explicit TermSplitter(Analyser analyser) : analyser_(analyser) {}

    /// The terms in text order, including repetitions, valid until the next call. Bytes that are
    /// not UTF-8 belong to no word.
    const std::vector<std::string_view>& split(std::string_view text);

private:
    struct Piece {
        std::size_t begin;
        std::size_t end;
    };
    void cut_words(std::string_view text);
    void add_3grams(std::string_view word);

    Analyser analyser_;
    std::string lower_;  ///< the text in lower case
    std::vector<Piece> words_;
    std::vector<std::string_view> terms_;
};

}  // namespace pmatch
