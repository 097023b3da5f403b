#include "data/formats/decoded_input.hpp"

#include <doctest/doctest.h>

#include <iterator>
#include <sstream>

#include "core/common/error.hpp"

namespace {

std::string decoded(const std::string& bytes, const std::string& encoding) {
    std::istringstream input(bytes);
    const auto stream = pmatch::decoded_input(input, encoding);
    return {std::istreambuf_iterator<char>(stream ? *stream : input), {}};
}

}  // namespace

TEST_CASE("other encodings are read as UTF-8") {
    CHECK(decoded("gr\xF6\xDF"
                  "e\n",
                  "ISO-8859-1") == "größe\n");
    CHECK(decoded("5 \x80\n", "windows-1252") == "5 €\n");
    CHECK(decoded(std::string("\xFF\xFE\xF6\0\n\0a\0", 8), "UTF-16") == "ö\na");
    CHECK(decoded(std::string("\0\xF6\0\n\x30\x0A\0a", 8), "UTF-16BE") ==
          "ö\n\xE3\x80\x8A"
          "a");
    CHECK(decoded("größe", "utf-8") == "größe");
}

TEST_CASE("what cannot be decoded is no UTF-8 and spoils nothing else") {
    CHECK(decoded("a\xFF"
                  "b\nc",
                  "EUC-JP") ==
          "a\xFF"
          "b\nc");
    CHECK(decoded(std::string("a\0\0\xDC"
                              "b\0\n\0",
                              8),
                  "UTF-16LE") ==
          "a\xFF"
          "b\n");
    CHECK(decoded(std::string("a\0b", 3), "UTF-16LE") == "a\xFF");
}

TEST_CASE("long texts without a line end are decoded, too") {
    const std::string text(300'000, '\xE4');
    CHECK(decoded(text, "ISO-8859-1").size() == 600'000);
}

TEST_CASE("an unknown encoding is a wrong command line") {
    CHECK_THROWS_AS(decoded("a", "latin-9000"), pmatch::UsageError);
}

TEST_CASE("a line of a stream is there before the next one is written") {
    std::stringstream stream;
    stream << "\xE4\n";
    const auto input = pmatch::decoded_input(stream, "ISO-8859-1");
    std::string line;
    std::getline(*input, line);
    CHECK(line == "ä");
    stream << "\xF6\n";
    std::getline(*input, line);
    CHECK(line == "ö");
}
