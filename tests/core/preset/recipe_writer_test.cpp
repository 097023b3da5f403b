#include "core/preset/recipe_writer.hpp"

#include <doctest/doctest.h>

#include "core/preset/recipe_json.hpp"
#include "core/preset/shipped_presets.hpp"

namespace {

using namespace pmatch;

TEST_CASE("a written recipe reads as the one it was written from, for every shipped preset") {
    for (const auto& [name, text] : shipped_presets()) {
        INFO(name);
        const auto recipe = parse_recipe(text, "mine", "mine.jsonc");
        CHECK(parse_recipe(recipe_json(recipe), "mine", "mine.jsonc") == recipe);
        CHECK(!recipe_line(recipe).empty());
    }
}

TEST_CASE("what no shipped preset has is written, too") {
    const auto recipe = parse_recipe(R"({
        "description": "a \"quoted\" name, and ü",
        "lists": [{"source": ["title", "name"], "space": "t2", "weight": 0.1, "required": false},
                  {"name": "terms", "source": "title", "kind": "bm25", "analyser": "words"},
                  {"name": "cross", "source": "image", "query": "text", "exact": true,
                   "model": "builtin:colour"}],
        "fuse": {"method": "rrf", "k": 12.5, "depth": "top"},
        "verify": {"space": "points", "top": 33, "weight": 0.125, "mirrored": true, "required": true},
        "min_score": -0.30000000000000004, "collapse": "model", "image_weight": 0.25})",
                                     "mine", "mine.jsonc");
    CHECK(recipe.image_weight == 0.25);
    CHECK(recipe.lists[2].model == "builtin:colour");
    const auto text = "// a comment\n" + recipe_json(recipe);
    CHECK(parse_recipe(text, "mine", "mine.jsonc") == recipe);
    CHECK(text.ends_with("}\n"));
}

TEST_CASE("a space as a preset, which has no description, can be written") {
    Recipe recipe;
    auto& list = recipe.lists.emplace_back();
    list.name = list.space = "text";
    CHECK(parse_recipe(recipe_json(recipe), "", "") == recipe);
}

TEST_CASE("a recipe is told in a line") {
    const auto line = [](const char* text) { return recipe_line(parse_recipe(text, "", "")); };
    CHECK(line(R"({"lists": [{"source": "text"}]})") == "text alone");
    CHECK(line(R"({"lists": [{"source": "text"}, {"source": "title", "weight": 0.5}],
                   "fuse": {"method": "wsum", "normalise": "zscore", "depth": 300}})") ==
          "wsum zscore depth 300: text 1, title 0.5");
    CHECK(line(R"({"lists": [{"source": "image"}], "verify": {"top": 5}})") ==
          "image alone; verify the best 5 by local 0.15");
    CHECK(line(R"({"first_of": ["image", "text"]})") == "the first that fits of image, text");
}

}  // namespace
