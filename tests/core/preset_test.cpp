#include "core/preset.hpp"

#include <doctest/doctest.h>

#include "core/error.hpp"

namespace {

using namespace pmatch;

const std::vector<SpaceSummary> kSpaces{
    {"image", "image"}, {"dino", "image"}, {"text", "text"}, {"title", "title"}};

TEST_CASE("auto takes the picture space for a picture and the text space for a text") {
    const Preset preset("auto", kSpaces);
    CHECK(preset.list_for({.picture = true, .text = false})->name == "image");
    CHECK(preset.list_for({.picture = false, .text = true})->name == "text");
    CHECK(preset.list_for({.picture = true, .text = true})->name == "image");
    CHECK_FALSE(preset.list_for({}).has_value());
}

TEST_CASE("auto falls back to the text when there is no picture space") {
    const Preset preset("auto", {{"text", "text"}});
    CHECK(preset.list_for({.picture = true, .text = true})->name == "text");
    CHECK_FALSE(preset.list_for({.picture = true, .text = false}).has_value());
}

TEST_CASE("a preset compares only what it is for") {
    const Preset preset("text", kSpaces);
    CHECK_FALSE(preset.list_for({.picture = true, .text = false}).has_value());
}

TEST_CASE("the only space made from pictures serves as the picture space whatever its name") {
    CHECK(Preset("image", {{"dino", "image"}}).list_for({.picture = true})->name == "dino");
}

TEST_CASE("a space's name is a preset") {
    CHECK(Preset("dino", kSpaces).list_for({.picture = true})->name == "dino");
    CHECK(Preset("title", kSpaces).list_for({.picture = true, .text = true})->name == "title");
}

TEST_CASE("lexical takes the index of the whole text, 3-grams before words") {
    const std::vector<SpaceSummary> lists{{"text", "text"},
                                          {"brand.3gram", "brand", "3gram"},
                                          {"text.words", "text", "words"},
                                          {"title.3gram", "title", "3gram"}};
    CHECK(*Preset("lexical", lists).list_for({.text = true}) == ListName{"text.words", true});
    CHECK_FALSE(Preset("lexical", lists).list_for({.picture = true}).has_value());
    CHECK(*Preset("title.3gram", lists).list_for({.text = true}) == ListName{"title.3gram", true});
    CHECK(*Preset("auto", lists).list_for({.text = true}) == ListName{"text", false});
    auto more = lists;
    more.push_back({"text.3gram", "text", "3gram"});
    CHECK(Preset("lexical", more).list_for({.text = true})->name == "text.3gram");
    // Of two fields neither is the text.
    CHECK_THROWS_AS(Preset("lexical", {lists[1], lists[3]}), UsageError);
    CHECK(Preset("lexical", {lists[3]}).list_for({.text = true})->name == "title.3gram");
}

TEST_CASE("auto uses the lexical index when there is no text space") {
    const std::vector<SpaceSummary> lists{{"image", "image"}, {"text.words", "text", "words"}};
    const Preset preset("auto", lists);
    CHECK(preset.list_for({.picture = true, .text = true})->name == "image");
    CHECK(*preset.list_for({.text = true}) == ListName{"text.words", true});
}

TEST_CASE("without a lexical index the error says how to make one") {
    try {
        const Preset preset("lexical", kSpaces);
        FAIL("no error");
    } catch (const UsageError& error) {
        CHECK(error.fix().find("build-index COLLECTION --layout bm25") != std::string::npos);
    }
}

TEST_CASE("an unknown preset names the spaces there are") {
    try {
        const Preset preset("colour", kSpaces);
        FAIL("no error");
    } catch (const UsageError& error) {
        CHECK(error.fix().find("image, dino, text, title") != std::string::npos);
    }
    CHECK_THROWS_AS(Preset("auto", {}), UsageError);
    CHECK_THROWS_AS(Preset("image", {{"a", "image"}, {"b", "image"}}), UsageError);
}

}  // namespace
