#include "core/lexical/analyser.hpp"

#include <doctest/doctest.h>
#include <unicode/brkiter.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <memory>
#include <random>
#include <string>

#include "core/common/error.hpp"

namespace {

using namespace pmatch;

std::vector<std::string> terms(Analyser analyser, std::string_view text) {
    TermSplitter splitter(analyser);
    const auto& found = splitter.split(text);
    return {found.begin(), found.end()};
}

using Terms = std::vector<std::string>;

TEST_CASE("words are cut at Unicode's word boundaries, without case") {
    CHECK(terms(Analyser::kWords, "Nikon D-40, 12.5mm (Black)") ==
          Terms{"nikon", "d", "40", "12.5mm", "black"});
    CHECK(terms(Analyser::kWords, "O'Neill's 1,234.50 a.b 3:4 x_1") ==
          Terms{"o'neill's", "1,234.50", "a.b", "3", "4", "x_1"});
    CHECK(terms(Analyser::kWords, "ÄRGER Straße ΣΟΦΟΣ ЁЖ") ==
          Terms{"ärger", "strasse", "σοφοσ", "ёж"});
    CHECK(terms(Analyser::kWords, "红色 杯子 カメラ ½ m²") ==
          Terms{"红", "色", "杯", "子", "カメラ", "1", "2", "m2"});
    CHECK(terms(Analyser::kWords, "cafe\u0301 _ __ -- ?! \u00AD").front() == "café");
    CHECK(terms(Analyser::kWords, "cafe\u0301 _ __ -- ?!").size() == 1);
    CHECK(terms(Analyser::kWords, "").empty());
}

TEST_CASE("a full stop at the end of a word is no part of it") {
    CHECK(terms(Analyser::kWords, "A lamp. 5.") == Terms{"a", "lamp", "5"});
    CHECK(terms(Analyser::kWords, "a..b 1.,2 don't' 'x'") ==
          Terms{"a", "b", "1", "2", "don't", "x"});
}

TEST_CASE("3grams are every three characters of a word, and a shorter word is its own") {
    CHECK(terms(Analyser::k3gram, "Lens 5D x") == Terms{"len", "ens", "5d", "x"});
    CHECK(terms(Analyser::k3gram, "mug") == Terms{"mug"});
    CHECK(terms(Analyser::k3gram, "Tür") == Terms{"tür"});
    CHECK(terms(Analyser::k3gram, "ёжик") == Terms{"ёжи", "жик"});
    CHECK(terms(Analyser::k3gram, "cafe\u0301s") == Terms{"caf", "afé", "fés"});
}

TEST_CASE("what looks the same is the same term") {
    for (const auto analyser : {Analyser::kWords, Analyser::k3gram}) {
        CHECK(terms(analyser, "be\u0323\u0302nh") == terms(analyser, "bệnh"));
        CHECK(terms(analyser, "\u1100\u1175\u11B7\u110E\u1175") == terms(analyser, "김치"));
        CHECK(terms(analyser, "\u212Bngstro\u0308m") == terms(analyser, "ångström"));
        CHECK(terms(analyser, "ｉＰａｄ") == terms(analyser, "iPad"));
        CHECK(terms(analyser, "ﬁsh") == terms(analyser, "fish"));
        CHECK(terms(analyser, "wash\u00ADable tea\u200Bpot \uFEFFmug") ==
              terms(analyser, "washable teapot mug"));
        CHECK(terms(analyser, "O\u2019Neill") == terms(analyser, "O'Neill"));
        CHECK(terms(analyser, "Acme\u2122 mug") == terms(analyser, "Acme mug"));
    }
}

TEST_CASE("an unaccented analyser is indifferent to accents alone") {
    CHECK(terms(Analyser::kWordsUnaccented, "Café ZÜRICH e\u0301te\u0301 Ångström") ==
          Terms{"cafe", "zurich", "ete", "angstrom"});
    CHECK(terms(Analyser::k3gramUnaccented, "Café") == Terms{"caf", "afe"});
    CHECK(terms(Analyser::kWordsUnaccented, "김치 हिन्दी ガラス") ==
          terms(Analyser::kWords, "김치 हिन्दी ガラス"));
}

TEST_CASE("version 1 puts letters into lower case and leaves the rest as it is") {
    TermSplitter splitter(Analyser::kWords, 1);
    const auto& found = splitter.split("Straße CAFE\u0301 m² ½ d\xFF");
    CHECK(Terms(found.begin(), found.end()) == Terms{"straße", "cafe\u0301", "m", "²", "½", "d"});
}

TEST_CASE("a text says something if it holds a letter or a number that is seen") {
    for (const auto* text : {"a", "  7", "--é", "½", "红", "ガ", "①", "\u1112", "ሰ"})
        CHECK(says_something(text));
    for (const auto* text : {"", "   ", "\u00A0\t", "\u200B", "\uFEFF", "--", "...", "\u00AD", "_",
                             "★★★", "🎉", "\u3164", "\u115F", "\u2800", "\u0301", "€ %", "\xFF\xFE"})
        CHECK_FALSE(says_something(text));
}

TEST_CASE("bytes that are not UTF-8 part words") {
    CHECK(terms(Analyser::kWords, "red\xFFmug\xC3") == Terms{"red", "mug"});
    CHECK(terms(Analyser::kWords, "\xE2\x82 a\xF4\x90\x80\x80") == Terms{"a"});
    CHECK(terms(Analyser::kWords, std::string_view("a\0b", 3)) == Terms{"a", "b"});
}

TEST_CASE("an unknown analyser names those there are") {
    CHECK(analyser_from("3gram") == Analyser::k3gram);
    CHECK_THROWS_AS(analyser_from("2gram"), UsageError);
}

icu::UnicodeString from_utf32(std::u32string_view text) {
    return icu::UnicodeString::fromUTF32(reinterpret_cast<const UChar32*>(text.data()),
                                         static_cast<std::int32_t>(text.size()));
}

icu::UnicodeString icu_folded(const icu::UnicodeString& text) {
    UErrorCode status = U_ZERO_ERROR;
    return icu::Normalizer2::getNFKCCasefoldInstance(status)->normalize(text, status);
}

/// What ICU's word iterator calls a word or a number in the folded text.
Terms icu_words(const std::u32string& text) {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<icu::BreakIterator> boundaries(
        icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), status));
    REQUIRE(U_SUCCESS(status));
    const auto unicode = icu_folded(from_utf32(text));
    boundaries->setText(unicode);
    Terms words;
    for (auto begin = boundaries->first(), end = boundaries->next();
         end != icu::BreakIterator::DONE; begin = end, end = boundaries->next()) {
        icu::UnicodeString word;
        bool counts = false;
        for (auto at = begin; at < end; at = unicode.moveIndex32(at, 1)) {
            const auto c = unicode.char32At(at);
            const auto kind = u_getIntPropertyValue(c, UCHAR_WORD_BREAK);
            const bool mark = kind == U_WB_EXTEND || kind == U_WB_FORMAT;
            // Some letters and numerals of this property are symbols by their category.
            counts = counts || kind == U_WB_ALETTER || kind == U_WB_NUMERIC ||
                     (!mark && (u_hasBinaryProperty(c, UCHAR_ALPHABETIC) ||
                                (U_GET_GC_MASK(c) & U_GC_N_MASK) != 0));
            word.append(c);
        }
        if (!counts) continue;
        std::string utf8;
        words.push_back(word.toUTF8String(utf8));
    }
    return words;
}

TEST_CASE("words are those of ICU on random texts") {
    // Left out: what ICU cuts by dictionaries (Han, kana, Thai and the like) or tailors (the colon,
    // the @ sign), and the joiner before emoji.
    // And what text_folder.hpp excepts.
    const auto is_exception = [](char32_t c) {
        const std::u32string_view quotes =
            U"\u00B4\u2018\u2019\u201B\u2032\u02BC\u201C\u201D\u201E"
            U"\u201F\u2033\u0307\u0130\u2122\u2120\u2044";
        const auto folded = icu_folded(icu::UnicodeString(static_cast<UChar32>(c)));
        return quotes.find(c) != std::u32string_view::npos ||
               folded.indexOf(UChar32{0x2044}) >= 0 || folded.indexOf(UChar32{0x2032}) >= 0 ||
               folded.indexOf(UChar32{':'}) >= 0 || folded.indexOf(UChar32{0x307}) >= 0 ||
               folded.char32At(0) >= 0x2E80;
    };
    std::vector<char32_t> letters;
    for (char32_t c = 1; c < 0x2E80; ++c) {
        const auto script = u_getIntPropertyValue(static_cast<UChar32>(c), UCHAR_LINE_BREAK);
        const bool emoji =
            u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_EXTENDED_PICTOGRAPHIC);
        if (u_isdefined(static_cast<UChar32>(c)) && script != U_LB_COMPLEX_CONTEXT && !emoji &&
            c != U':' && c != U'@' && !is_exception(c))
            letters.push_back(c);
    }
    const std::u32string common = U"aZ7.,'\"_·; -éא١\u0301\u00AD\u200D";
    std::mt19937 random(7);
    TermSplitter splitter(Analyser::kWords);
    for (int number = 0; number < 20000; ++number) {
        std::u32string text;
        for (std::size_t length = random() % 12; length > 0; --length) {
            text += random() % 4 == 0 ? letters[random() % letters.size()]
                                      : common[random() % common.size()];
        }
        std::string utf8;
        icu::UnicodeString::fromUTF32(reinterpret_cast<const UChar32*>(text.data()),
                                      static_cast<std::int32_t>(text.size()))
            .toUTF8String(utf8);
        const auto& found = splitter.split(utf8);
        INFO(utf8);
        REQUIRE(Terms(found.begin(), found.end()) == icu_words(text));
    }
}

}  // namespace
