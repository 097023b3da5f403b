#include "core/files/hash.hpp"

#include <doctest/doctest.h>

#include <string>

#include "core/common/error.hpp"

using pmatch::Hash128;
using pmatch::hash128;
using pmatch::Hasher128;

TEST_CASE("XXH3-128 of nothing is the constant of the xxHash project's own test vectors") {
    CHECK(hash128(std::string_view{}).hex() == "99aa06d3014798d86001c324468d497f");
    CHECK(Hasher128().digest().hex() == "99aa06d3014798d86001c324468d497f");
}

TEST_CASE("XXH3-128 of short texts is what xxhsum -H2 prints") {
    CHECK(hash128("a").hex() == "a96faf705af16834e6c632b61e964e1f");
    CHECK(hash128("abc").hex() == "06b05ab6733a618578af5f94892f3950");
}

TEST_CASE("data hashed in pieces and at once has one hash") {
    std::string text;
    for (int i = 0; i < 5000; ++i)
        text += static_cast<char>(i * 7 % 251);
    Hasher128 pieces;
    for (std::size_t at = 0; at < text.size(); at += 333) {
        const auto piece = text.substr(at, 333);
        pieces.update(piece.data(), piece.size());
    }
    CHECK(pieces.digest() == hash128(text));
}

TEST_CASE("a checksum survives the way to hexadecimal and back") {
    const auto hash = hash128("product");
    CHECK(Hash128::from_hex(hash.hex()) == hash);
}

TEST_CASE("a damaged checksum is refused") {
    const auto hex = hash128("product").hex();
    CHECK_THROWS_AS(Hash128::from_hex(""), pmatch::Error);
    CHECK_THROWS_AS(Hash128::from_hex(hex.substr(1)), pmatch::Error);
    CHECK_THROWS_AS(Hash128::from_hex(hex + "0"), pmatch::Error);
    CHECK_THROWS_AS(Hash128::from_hex("g" + hex.substr(1)), pmatch::Error);
    CHECK_THROWS_WITH_AS(Hash128::from_hex("12"), "'12' is not an XXH3-128 checksum",
                         pmatch::Error);
}
