#include "data/engines/vector_wire.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "core/common/error.hpp"

using namespace pmatch;
using namespace std::string_literals;

TEST_CASE("a float becomes the nearest half, ties to even, as IEEE 754 has it") {
    // Expected bits: the examples of the Wikipedia page "Half-precision floating-point format".
    CHECK(half_of(0.0F) == 0x0000);
    CHECK(half_of(-0.0F) == 0x8000);
    CHECK(half_of(1.0F) == 0x3C00);
    CHECK(half_of(-2.0F) == 0xC000);
    CHECK(half_of(65504.0F) == 0x7BFF);
    CHECK(half_of(0.333251953125F) == 0x3555);
    CHECK(half_of(std::ldexp(1.0F, -14)) == 0x0400);         // smallest normal
    CHECK(half_of(std::ldexp(1023.0F, -24)) == 0x03FF);      // largest subnormal
    CHECK(half_of(std::ldexp(1.0F, -24)) == 0x0001);         // smallest
    CHECK(half_of(std::ldexp(1.0F, -25)) == 0x0000);         // half of it: to even
    CHECK(half_of(std::ldexp(1.5F, -25)) == 0x0001);         // more than half of it
    CHECK(half_of(1.0F + std::ldexp(1.0F, -11)) == 0x3C00);  // between two: the even one below
    CHECK(half_of(1.0F + std::ldexp(3.0F, -11)) == 0x3C02);  // between two: the even one above
    CHECK(half_of(65519.0F) == 0x7BFF);
    CHECK(half_of(65520.0F) == 0x7C00);
    CHECK(half_of(1e9F) == 0x7C00);
    CHECK((half_of(std::numeric_limits<float>::quiet_NaN()) & 0x7C00) == 0x7C00);
}

TEST_CASE("every finite half survives the way there and back") {
    for (unsigned bits = 0; bits < 0x10000; ++bits) {
        if ((bits & 0x7C00U) == 0x7C00U) continue;
        const std::string wire{
            '\0', '\1', '\0', '\0', static_cast<char>(bits >> 8U), static_cast<char>(bits)};
        const auto vector = vector_from_wire(wire, VectorElement::kHalf);
        REQUIRE(vector.size() == 1);
        CHECK(half_of(vector.front()) == bits);
    }
}

TEST_CASE("vectors are big-endian, behind their dimension and two bytes of nothing") {
    const std::vector<float> vector{1, -2};
    CHECK(wire_vector(vector, VectorElement::kHalf) == "\0\2\0\0\x3C\0\xC0\0"s);
    CHECK(wire_vector(vector, VectorElement::kSingle) == "\0\2\0\0\x3F\x80\0\0\xC0\0\0\0"s);
    CHECK(vector_from_wire("\0\2\0\0\x3F\x80\0\0\xC0\0\0\0"s, VectorElement::kSingle) == vector);
}

TEST_CASE("a value that no half holds says which type does") {
    const std::vector<float> vector{70'000};
    CHECK_THROWS_WITH_AS(wire_vector(vector, VectorElement::kHalf),
                         "a vector has the value 70000, and halfvec holds up to 65,504", Error);
}

TEST_CASE("numbers and arrays are those of PostgreSQL's binary format") {
    CHECK(wire_number(258) == "\0\0\0\0\0\0\1\2"s);
    CHECK(number_from_wire("\0\0\0\0\0\0\1\2"s) == 258);
    CHECK(number_from_wire("\xFF\xFF\xFF\xFE"s) == -2);
    CHECK(real_from_wire("\xBF\xF0\0\0\0\0\0\0"s) == -1.0);
    const std::vector<std::int64_t> rows{5};
    CHECK(wire_array(rows) ==
          "\0\0\0\1\0\0\0\0\0\0\0\x14\0\0\0\1\0\0\0\1\0\0\0\x08\0\0\0\0\0\0\0\5"s);
    CHECK(wire_array({}) == "\0\0\0\0\0\0\0\0\0\0\0\x14"s);
}

TEST_CASE("COPY has its head, a tuple with four fields, and its end") {
    CopyWriter writer(1, VectorElement::kHalf);
    InputKey key{7, 1, {}};
    key.content.bytes.fill(0xAB);
    const std::vector<float> vector{1};
    writer.add(key, vector);
    writer.finish();
    CHECK(writer.bytes() ==
          "PGCOPY\n\xFF\r\n\0\0\0\0\0\0\0\0\0"
          "\0\4"
          "\0\0\0\x08\0\0\0\0\0\0\0\7"
          "\0\0\0\4\0\0\0\1"
          "\0\0\0\x10"s +
              std::string(16, '\xAB') + "\0\0\0\6\0\1\0\0\x3C\0\xFF\xFF"s);
}

TEST_CASE("keys are read from tuples, with the head before the first of them or alone") {
    const auto head = "PGCOPY\n\xFF\r\n\0\0\0\0\0\0\0\0\0"s;
    const auto tuple =
        "\0\3\0\0\0\x08\0\0\0\0\0\0\0\7\0\0\0\4\0\0\0\2\0\0\0\x10"s + std::string(16, '\x11');
    for (const bool alone : {false, true}) {
        CopyKeys keys;
        InputKey key;
        if (alone) CHECK_FALSE(keys.take(head, key));
        CHECK(keys.take(alone ? tuple : head + tuple, key));
        CHECK(key.row == 7);
        CHECK(key.ordinal == 2);
        CHECK(key.content.hex() == "11111111111111111111111111111111");
        CHECK_FALSE(keys.take("\xFF\xFF"s, key));
    }
}
