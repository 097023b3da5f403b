#include "core/preset.hpp"

#include <doctest/doctest.h>

#include "core/error.hpp"

namespace {

using namespace pmatch;

const std::vector<SpaceSummary> kSpaces{
    {"image", "image"}, {"dino", "image"}, {"text", "text"}, {"title", "title"}};

TEST_CASE("auto takes the picture space for a picture and the text space for a text") {
    const Preset preset("auto", kSpaces);
    CHECK(preset.space_for({.picture = true, .text = false}) == "image");
    CHECK(preset.space_for({.picture = false, .text = true}) == "text");
    CHECK(preset.space_for({.picture = true, .text = true}) == "image");
    CHECK_FALSE(preset.space_for({}).has_value());
}

TEST_CASE("auto falls back to the text when there is no picture space") {
    const Preset preset("auto", {{"text", "text"}});
    CHECK(preset.space_for({.picture = true, .text = true}) == "text");
    CHECK_FALSE(preset.space_for({.picture = true, .text = false}).has_value());
}

TEST_CASE("a preset compares only what it is for") {
    const Preset preset("text", kSpaces);
    CHECK_FALSE(preset.space_for({.picture = true, .text = false}).has_value());
}

TEST_CASE("the only space made from pictures serves as the picture space whatever its name") {
    CHECK(Preset("image", {{"dino", "image"}}).space_for({.picture = true}) == "dino");
}

TEST_CASE("a space's name is a preset") {
    CHECK(Preset("dino", kSpaces).space_for({.picture = true}) == "dino");
    CHECK(Preset("title", kSpaces).space_for({.picture = true, .text = true}) == "title");
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
