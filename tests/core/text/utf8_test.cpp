#include "core/text/utf8.hpp"

#include <doctest/doctest.h>
#include <unicode/utf8.h>

#include <cstdint>
#include <random>

namespace {

using namespace pmatch;

/// What ICU reads at `at`, and how far it goes.
std::pair<char32_t, std::size_t> by_icu(std::string_view text, std::size_t at) {
    auto position = static_cast<std::int32_t>(at);
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(text.data(), position, static_cast<std::int32_t>(text.size()), c);
    return {static_cast<char32_t>(c), static_cast<std::size_t>(position)};
}

char32_t last_by_icu(std::string_view text, std::size_t end) {
    auto position = static_cast<std::int32_t>(end);
    UChar32 c = 0;
    U8_PREV_OR_FFFD(text.data(), 0, position, c);
    return static_cast<char32_t>(c);
}

TEST_CASE("every code point is written and read again") {
    for (char32_t c = 0; c < 0x110000; ++c) {
        if (c >= 0xD800 && c < 0xE000) continue;
        std::string text;
        utf8::append(text, c);
        std::size_t at = 0;
        const bool same = utf8::read(text, at) == c && at == text.size() &&
                          utf8::last(text, at) == c && utf8::is_valid(text);
        if (!same) FAIL("code point " << static_cast<std::uint32_t>(c));
    }
}

TEST_CASE("bytes of every kind are read as ICU reads them, from both sides") {
    // Bytes at the borders of the standard's table 3-7, where the mistakes are.
    constexpr std::string_view kBytes =
        "\x41\x7F\x80\x8F\x90\x9F\xA0\xBF\xC0\xC1\xC2\xDF\xE0\xE1\xED\xEF\xF0\xF1\xF4\xF5\xFF";
    std::mt19937 random(7);  // NOLINT(*-msc51-cpp): the same texts each time
    for (int round = 0; round < 100'000; ++round) {
        std::string text;
        for (int i = 0; i < 6; ++i)
            text += kBytes[random() % kBytes.size()];
        for (std::size_t at = 0; at < text.size();) {
            const auto [c, behind] = by_icu(text, at);
            const auto found = utf8::next(text, at);
            if (found != c || at != behind) FAIL("in " << utf8::printable(text));
        }
        for (std::size_t end = 1; end <= text.size(); ++end) {
            if (utf8::last(text, end) != last_by_icu(text, end))
                FAIL("before " << end << " in " << utf8::printable(text));
        }
    }
}

TEST_CASE("clean text has no NUL, and what is printed shows what is not clean") {
    CHECK(utf8::is_valid(std::string_view("a\0b", 3)));
    CHECK_FALSE(utf8::is_clean(std::string_view("a\0b", 3)));
    CHECK(utf8::is_clean("\xEF\xBF\xBD"));
    CHECK(utf8::printable("na\xC3\xAFve\n\xE2\x82") == "na\xC3\xAFve\\x0A\\xE2\\x82");
    CHECK(utf8::printable(std::string(200, 'a')) == std::string(120, 'a') + "...");
}

}  // namespace
