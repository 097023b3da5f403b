#include "models/reader/line_characters.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <string>
#include <vector>

#include "core/common/error.hpp"
#include "tests/support/temp_dir.hpp"

namespace {

using namespace pmatch;

const LineCharacters& abc() {
    static const LineCharacters characters({"", "a", "b", "ü", " "});
    return characters;
}

LineText decoded(const std::vector<ColumnGuess>& columns) {
    return abc().decode(columns);
}

TEST_CASE("columns that say the same are one character, unless one that says nothing parts them") {
    CHECK(decoded({{1, 1}, {1, 1}, {2, 1}, {2, 1}}).text == "ab");
    CHECK(decoded({{0, 1}, {1, 1}, {0, 1}, {1, 1}, {0, 1}, {0, 1}}).text == "aa");
    CHECK(decoded({{3, 1}, {4, 1}, {3, 1}, {3, 1}}).text == "ü ü");
}

TEST_CASE("a line is as sure as its characters' first columns in the mean") {
    const auto line = decoded({{0, 0.9F}, {1, 0.5F}, {1, 1}, {0, 0.1F}, {2, 0.75F}});
    CHECK(line.text == "ab");
    CHECK(line.sureness == doctest::Approx((0.5 + 0.75) / 2));
}

TEST_CASE("a line without characters is empty and not sure at all") {
    for (const auto& columns : {std::vector<ColumnGuess>{}, std::vector<ColumnGuess>(5)}) {
        CHECK(decoded(columns).text.empty());
        CHECK(decoded(columns).sureness == 0);
    }
}

TEST_CASE("a number without a character is an error") {
    for (const auto number : {5, -1, 1'000'000}) {
        CHECK_THROWS_AS(decoded({{number, 1}}), Error);
    }
}

TEST_CASE("characters are read from a JSON array, and from nothing else") {
    const test::TempDir directory("line-characters");
    const auto file = directory / "characters.json";
    const auto read = [&](const std::string& text) {
        std::ofstream(file, std::ios::binary) << text;
        return LineCharacters::read(file).size();
    };
    CHECK(read(R"(["", "a", "é", "\u00e9", " "])") == 5);
    for (const auto* wrong :
         {"", "[", "{}", "[]", "[\"\"]", "[\"\", 1]", "[\"\", null, \"a\"]", "7"}) {
        CAPTURE(wrong);
        CHECK_THROWS_AS(read(wrong), Error);
    }
}

}  // namespace
