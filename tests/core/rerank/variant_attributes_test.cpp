#include "core/rerank/variant_attributes.hpp"

#include <doctest/doctest.h>

#include "core/rerank/attribute_words.hpp"

using namespace pmatch;

namespace {

bool variants(const char* a, const char* b) {
    const auto one = variant_attributes(a, {});
    const auto other = variant_attributes(b, {});
    CHECK(are_variants(one, other) == are_variants(other, one));
    return are_variants(one, other);
}

using Columns = std::vector<std::pair<std::string, std::string>>;

bool differ_in(const Columns& a, const Columns& b) {
    return are_variants(variant_attributes("Trail jacket", a),
                        variant_attributes("Trail jacket", b));
}

}  // namespace

TEST_CASE("another size, colour, capacity or number under the same title is a variant") {
    CHECK(variants("Wool socks Norda, grey, size M", "Wool socks Norda, grey, size L"));
    CHECK(variants("Wool socks Norda, grey", "Wool socks Norda, navy"));
    CHECK(variants("Flash drive Quill 64 GB", "Flash drive Quill 128GB"));
    CHECK(variants("Track pump Tarn 8 bar", "Track pump Tarn 11 bar"));
    CHECK(variants("Puzzle harbour 500", "Harbour puzzle, 1000"));
    CHECK(variants("Olive oil Vero 0.5 l", "Olive oil Vero 750 ml"));
    CHECK(variants("Monitor Alba 24\"", "Monitor Alba 27 inch"));
    CHECK(variants("Shirt small", "Shirt large"));
    CHECK(variants("Printer Lumo LX-480", "Printer Lumo LX-490"));
}

TEST_CASE("the same value in other words or units is none") {
    CHECK_FALSE(variants("Olive oil Vero 0.5 l", "Olive oil Vero 500ml"));
    CHECK_FALSE(variants("Olive oil Vero 0,5 l", "Olive oil Vero 500 ml"));
    CHECK_FALSE(variants("Drive Quill 1 TB", "Drive Quill 1000 GB"));
    CHECK_FALSE(variants("Shelf with five boards", "Shelf, 5 boards"));
    CHECK_FALSE(variants("Monitor Alba 24\"", "Monitor Alba 24-inch"));
    CHECK_FALSE(variants("Grey socks Norda", "Socks Norda, gray"));
    CHECK_FALSE(variants("Shirt S", "Shirt small"));
    CHECK_FALSE(variants("Phone KX-TS208W", "Phone KXTS208W"));
}

TEST_CASE("what only one side says is no difference") {
    CHECK_FALSE(variants("Wool socks Norda", "Wool socks Norda, size M"));
    CHECK_FALSE(variants("Jacket red", "Jacket red and black"));
    CHECK_FALSE(variants("Phone DU1055BK", "Phone DU1055"));
    CHECK_FALSE(variants("", ""));
}

TEST_CASE("titles with other words are not compared by their attributes") {
    CHECK_FALSE(variants("Oak desk 120 cm", "Steel lamp 40 cm"));
    CHECK_FALSE(variants("Trail jacket red", ""));
}

TEST_CASE("men's is no size S, a single letter is one in capitals or where it is announced") {
    CHECK_FALSE(variants("Men's jacket", "Mens jacket"));
    CHECK_FALSE(variants("Men\u2019s jacket M", "Men's jacket M"));
    CHECK(variants("Jacket size s", "Jacket size m"));
    CHECK_FALSE(variants("Vitamin s drops", "Vitamin m drops"));
}

TEST_CASE("columns of attributes count, too") {
    CHECK(is_variant_column("Colour"));
    CHECK(is_variant_column("size"));
    CHECK_FALSE(is_variant_column("price"));
    CHECK_FALSE(is_variant_column("screen size"));
    CHECK(differ_in({{"size", "m"}}, {{"size", "l"}}));
    CHECK(differ_in({{"size", "42"}}, {{"size", "43"}}));
    CHECK(differ_in({{"colour", "anthrazit"}}, {{"colour", "petrol"}}));
    CHECK_FALSE(differ_in({{"colour", "Petrol"}}, {{"colour", "petrol"}}));
    CHECK_FALSE(differ_in({{"colour", "blue"}}, {{"size", "blue"}}));
    CHECK_FALSE(differ_in({{"colour", "blue"}}, {}));
}

TEST_CASE("numbers are read as people write them") {
    CHECK(decimal_value("1,024.50") == 1024.5);
    CHECK(decimal_value("1,5") == 1.5);
    CHECK(decimal_value("1,500") == 1500);
    CHECK(decimal_value("0,025") == .025);
    CHECK(decimal_value("10") == 10);
    CHECK_FALSE(decimal_value("1.2.3"));
    CHECK_FALSE(decimal_value(""));
}

TEST_CASE("no text makes the reader stumble") {
    for (const char* text :
         {"\"", "''", "5\"", "\xE2\x80", "\xC2", "1,", ",1", "1..2", "-", "9e999",
          "999999999999999999999999999999 kg", "\xFF\xFE", "size", "5 in"}) {
        CAPTURE(text);
        const auto one = variant_attributes(text, {{"size", text}});
        CHECK_FALSE(are_variants(one, one));
    }
}
