#include "core/common/source.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

using pmatch::Source;

TEST_CASE("a source is written as the word that it was read from") {
    for (const std::string word : {"image", "text", "caption", "title", "Image", "a b", ""})
        CHECK(Source::parse(word).name() == word);
}

TEST_CASE("three words are no columns") {
    CHECK(Source::parse("image").kind() == Source::Kind::kPictures);
    CHECK(Source::parse("text").kind() == Source::Kind::kText);
    CHECK(Source::parse("caption").kind() == Source::Kind::kCaptions);
    CHECK(Source::parse("title").kind() == Source::Kind::kColumn);
    CHECK(Source::parse("images").kind() == Source::Kind::kColumn);
}

TEST_CASE("only pictures are pictures; a caption is a text") {
    CHECK(Source::pictures().is_picture());
    for (const auto& source : {Source::text(), Source::captions(), Source::parse("title")})
        CHECK_FALSE(source.is_picture());
    CHECK(Source::captions().is_caption());
    CHECK(Source::text().is_text());
    CHECK_FALSE(Source::parse("title").is_text());
}

TEST_CASE("sources are equal when their words are") {
    CHECK(Source() == Source::text());
    CHECK(Source::parse("image") == Source::pictures());
    CHECK(Source::parse("title") != Source::parse("name"));
}

}  // namespace
