#include "core/lexical/text_folder.hpp"

#include <doctest/doctest.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <random>
#include <string>

namespace {

using namespace pmatch;

std::string folded(std::string_view text, Accents accents = Accents::kKeep) {
    TextFolder folder(accents);
    return std::string(folder.fold(text));
}

std::string utf8_of(const icu::UnicodeString& text) {
    std::string out;
    return text.toUTF8String(out);
}

std::string icu_folded(const icu::UnicodeString& text) {
    UErrorCode status = U_ZERO_ERROR;
    return utf8_of(icu::Normalizer2::getNFKCCasefoldInstance(status)->normalize(text, status));
}

bool is_surrogate(UChar32 c) {
    return c >= 0xD800 && c < 0xE000;
}

/// In the Unicode version of the table, which a newer ICU has left behind.
bool is_known(UChar32 c) {
    UVersionInfo age;
    u_charAge(c, age);
    return age[0] > 0 && age[0] <= 15 && !(age[0] == 15 && age[1] > 0);
}

/// What text_folder.hpp names as exceptions.
bool is_exception(UChar32 c) {
    const icu::UnicodeString listed(
        u"\u2120\u2122\u00B4\u2018\u2019\u201B\u2032\u02BC\u201C\u201D\u201E\u201F\u2033\u0130");
    if (listed.indexOf(c) >= 0 || (c >= 0x1F16A && c <= 0x1F16C)) return true;
    return icu_folded(icu::UnicodeString(c)).find("\u2044") != std::string::npos;
}

TEST_CASE("every character is folded as ICU's NFKC_Casefold folds it, but for those named") {
    TextFolder folder;
    int exceptions = 0;
    for (UChar32 c = 1; c < 0x110000; ++c) {
        if (is_surrogate(c) || !is_known(c)) continue;
        if (is_exception(c)) {
            ++exceptions;
            continue;
        }
        const icu::UnicodeString text(c);
        INFO(std::hex, c);
        REQUIRE(std::string(folder.fold(utf8_of(text))) == icu_folded(text));
    }
    CHECK(exceptions < 60);
}

TEST_CASE("random texts of letters, marks and syllables are folded as ICU folds them") {
    std::vector<UChar32> marks;
    std::vector<UChar32> letters;
    for (UChar32 c = 1; c < 0x110000; ++c) {
        if (is_surrogate(c) || !is_known(c) || is_exception(c) || c == 0x307) continue;
        if (u_getCombiningClass(c) != 0) marks.push_back(c);
        const bool composes = c < 0x2000 || (c >= 0xAC00 && c < 0xAE00);
        if (composes && u_isalpha(c)) letters.push_back(c);
    }
    std::mt19937 random(5);
    TextFolder folder;
    for (int number = 0; number < 50'000; ++number) {
        icu::UnicodeString text;
        for (auto length = random() % 10; length > 0; --length) {
            const auto kind = random() % 4;
            text.append(kind == 0   ? static_cast<UChar32>('A' + random() % 26)
                        : kind == 1 ? letters[random() % letters.size()]
                        : kind == 2 ? static_cast<UChar32>(0x300 + random() % 7)
                                    : marks[random() % marks.size()]);
        }
        INFO(utf8_of(text));
        REQUIRE(std::string(folder.fold(utf8_of(text))) == icu_folded(text));
    }
}

TEST_CASE("ASCII is put into lower case and nothing else") {
    std::string all;
    std::string lower;
    for (char c = 0; c >= 0 && c < 127; ++c) {
        all += c;
        lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    CHECK(folded(all) == lower);
    CHECK(folded(all, Accents::kStrip) == lower);
}

TEST_CASE("the exceptions serve product texts") {
    CHECK(folded("Acme\u2122") == "acme ");
    CHECK(folded("1\u00BD in") == "1 1/2  in");
    CHECK(folded("O\u2019Neill 19\u201D") == "o'neill 19\"");
    CHECK(folded("\u0130stanbul I\u0307stanbul") == "istanbul istanbul");
    CHECK(folded("25 m\u00B2") == "25 m2");
}

TEST_CASE("accents are taken from letters and nothing else is") {
    CHECK(folded("Crème brûlée", Accents::kStrip) == "creme brulee");
    CHECK(folded("e\u0301 \u1EC7", Accents::kStrip) == "e e");
    CHECK(folded("김치 हिन्दी ガ ß", Accents::kStrip) == folded("김치 हिन्दी ガ ß"));
}

TEST_CASE("bytes that are not UTF-8 become one replacement character each") {
    CHECK(folded("a\xFFz") == "a\uFFFDz");
    CHECK(folded("\xE2\x82") == "\uFFFD");
    CHECK(folded("").empty());
}

}  // namespace
