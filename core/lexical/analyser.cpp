#include "core/lexical/analyser.hpp"

#include <array>
#include <cstdint>
#include <utility>

#include "core/common/error.hpp"
#include "core/lexical/folding_tables.hpp"
#include "core/lexical/word_break_data.hpp"
#include "core/text/ascii.hpp"
#include "core/text/utf8.hpp"

namespace pmatch {
namespace {

constexpr char32_t kCharacters = 0x110000;

/// The tables of word_break_data.hpp as arrays with one entry per character.
struct Tables {
    std::vector<WordClass> word_class;
    std::vector<std::int32_t> lower;  ///< offset

    Tables() : word_class(kCharacters), lower(lower_ranges().back().last + 1) {
        for (const auto& range : word_ranges()) {
            for (auto c = range.first; c <= range.last; ++c)
                word_class[c] = range.word_class;
        }
        for (const auto& range : lower_ranges()) {
            for (auto c = range.first; c <= range.last; c += range.step)
                lower[c] = range.delta;
        }
    }

    static const Tables& get() {
        static const Tables tables;
        return tables;
    }
};

bool is_letter(WordClass c) {
    return c == WordClass::kLetter || c == WordClass::kHebrew;
}

/// No boundary between two adjacent characters (rules WB5, 8 to 10, 13, 13a, 13b).
bool joins(WordClass left, WordClass right) {
    using enum WordClass;
    const auto alphanumeric = [](WordClass c) { return is_letter(c) || c == kDigit; };
    if (right == kConnector) {
        return alphanumeric(left) || left == kKatakana || left == kConnector;
    }
    if (left == kConnector) return alphanumeric(right) || right == kKatakana;
    if (left == kKatakana) return right == kKatakana;
    return alphanumeric(left) && alphanumeric(right);
}

/// `middle` may join `left` to a following character for which joins_across() holds.
bool may_join(WordClass left, WordClass middle) {
    using enum WordClass;
    if (middle == kMidBoth) return is_letter(left) || left == kDigit;
    if (middle == kMidLetter) return is_letter(left);
    if (middle == kMidNumber) return left == kDigit;
    return middle == kDoubleQuote && left == kHebrew;
}

/// Rules WB6, 7, 7b, 7c, 11, 12.
bool joins_across(WordClass left, WordClass middle, WordClass right) {
    if (middle == WordClass::kDoubleQuote) return right == WordClass::kHebrew;
    return is_letter(left) ? is_letter(right) : right == WordClass::kDigit;
}

constexpr std::array kAnalysers{std::pair{Analyser::kWords, "words"},
                                std::pair{Analyser::k3gram, "3gram"},
                                std::pair{Analyser::kWordsUnaccented, "words-unaccented"},
                                std::pair{Analyser::k3gramUnaccented, "3gram-unaccented"}};

Accents accents_of(Analyser analyser) {
    const bool kept = analyser == Analyser::kWords || analyser == Analyser::k3gram;
    return kept ? Accents::kKeep : Accents::kStrip;
}

/// Version 1 of the analyser.
void append_lower(std::string_view text, std::string& out) {
    const auto& lower = Tables::get().lower;
    for (std::size_t at = 0; at < text.size();) {
        const auto c = utf8::next(text, at);
        utf8::append(out, c < lower.size() ? c + static_cast<char32_t>(lower[c]) : c);
    }
}

/// Whether a word of a letter or number may begin with the character.
bool speaks(char32_t c) {
    using enum WordClass;
    const auto kind = Tables::get().word_class[c];
    return kind == kAlone || is_letter(kind) || kind == kDigit || kind == kKatakana;
}

}  // namespace

Analyser analyser_from(std::string_view name) {
    std::string names;
    for (const auto& [analyser, known] : kAnalysers) {
        if (name == known) return analyser;
        names += (names.empty() ? "" : ", ") + std::string(known);
    }
    throw UsageError{"there is no analyser '" + std::string(name) + "'", "use one of " + names};
}

std::string_view name_of(Analyser analyser) {
    for (const auto& [one, name] : kAnalysers) {
        if (one == analyser) return name;
    }
    return "unknown";
}

bool is_analyser(std::uint32_t stored) {
    return stored >= 1 && stored <= kAnalysers.size();
}

bool is_of_3grams(Analyser analyser) {
    return analyser == Analyser::k3gram || analyser == Analyser::k3gramUnaccented;
}

bool says_something(std::string_view text) {
    const auto& tables = folding::Tables::get();
    for (std::size_t at = 0; at < text.size();) {
        if (ascii::is_alphanumeric(text[at])) return true;
        const auto c = utf8::next(text, at);
        if (c < 0x80) continue;
        const auto fold = tables.fold(c);
        if (fold.unseen) continue;
        if (fold.text.empty() && speaks(fold.character)) return true;
        for (const auto one : fold.text) {
            if (speaks(one)) return true;
        }
    }
    return false;
}

TermSplitter::TermSplitter(Analyser analyser, int version)
    : grams_(is_of_3grams(analyser)), version_(version), folder_(accents_of(analyser)) {}

std::string_view TermSplitter::prepared(std::string_view text) {
    if (version_ > 1) return folder_.fold(text);
    lower_.clear();
    append_lower(text, lower_);
    return lower_;
}

/// A word is open while `begin < end` or only connectors were seen; `middle` is the class of a
/// following character that belongs to the word only if the right one comes after it.
void TermSplitter::cut_words(std::string_view text) {
    using enum WordClass;
    const auto& tables = Tables::get();
    words_.clear();
    bool open = false;
    bool counts = false;  // holds more than connectors
    Piece word{};
    auto last = kOther;
    auto middle = kOther;
    const auto close = [&] {
        if (open && counts) words_.push_back(word);
        open = false;
    };
    for (std::size_t at = 0; at < text.size();) {
        const auto begin = at;
        const auto c = utf8::read(text, at);
        const auto kind = c == utf8::kIllFormed ? kOther : tables.word_class[c];
        if (kind == kOther) {
            close();
            continue;
        }
        if (kind == kExtend) {
            // Attached to the following character unless that is part of the word.
            if (open && (middle == kOther || word.end == begin)) word.end = at;
            continue;
        }
        const bool goes_on =
            open && (middle == kOther ? joins(last, kind) : joins_across(last, middle, kind));
        if (!goes_on && open && middle == kOther && may_join(last, kind)) {
            if (last == kHebrew && c == U'\'') word.end = at;  // rule WB7a
            middle = kind;
            continue;
        }
        if (!goes_on) {
            close();
            open = kind == kAlone || is_letter(kind) || kind == kDigit || kind == kKatakana ||
                   kind == kConnector;
            counts = false;
            word.begin = begin;
        }
        word.end = at;
        counts = counts || kind != kConnector;
        last = kind;
        middle = kOther;
    }
    close();
}

void TermSplitter::add_3grams(std::string_view word) {
    const auto next = [&](std::size_t at) {
        do {
            ++at;
        } while (at < word.size() && utf8::is_continuation(word[at]));
        return at;
    };
    std::size_t begin = 0;
    std::size_t second = next(begin);
    std::size_t third = second < word.size() ? next(second) : word.size();
    if (third >= word.size()) {
        terms_.push_back(word);
        return;
    }
    while (third < word.size()) {
        const auto end = next(third);
        terms_.push_back(word.substr(begin, end - begin));
        begin = second;
        second = third;
        third = end;
    }
}

const std::vector<std::string_view>& TermSplitter::split(std::string_view text) {
    const auto whole = prepared(text);
    cut_words(whole);
    terms_.clear();
    for (const auto& [begin, end] : words_) {
        const auto word = whole.substr(begin, end - begin);
        if (grams_) {
            add_3grams(word);
        } else {
            terms_.push_back(word);
        }
    }
    return terms_;
}

}  // namespace pmatch
