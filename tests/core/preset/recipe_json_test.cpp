#include "core/preset/recipe_json.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <set>
#include <string>

#include "core/common/error.hpp"
#include "core/preset/preset.hpp"
#include "core/preset/shipped_presets.hpp"

namespace {

using namespace pmatch;

Recipe parse(const std::string& text) {
    return parse_recipe(text, "mine", "mine.jsonc");
}

/// The message of the error that `text` causes.
std::string refused(const std::string& text) {
    try {
        parse(text);
    } catch (const Error& error) {
        CHECK(error.file() == "mine.jsonc");
        return error.what();
    }
    return "no error";
}

TEST_CASE("every shipped preset is a recipe with one line that describes it") {
    std::set<std::string> files;
    for (const auto& file : std::filesystem::directory_iterator("presets"))
        files.insert(file.path().stem().string());
    std::set<std::string> shipped;
    for (const auto& preset : shipped_presets())
        shipped.emplace(preset.name);
    CHECK(shipped == files);
    for (const auto& [name, text] : shipped_presets()) {
        INFO(name);
        CHECK(text.starts_with("// "));
        const auto recipe = parse_recipe(text, std::string(name), std::string(name));
        CHECK(recipe.description.size() > 10);
        CHECK(recipe.description.find('\n') == std::string::npos);
    }
}

TEST_CASE("a recipe may say its version, and is refused when that is a newer one") {
    CHECK(parse(R"({"version": 1, "lists": [{"source": "text"}]})").lists.size() == 1);
    CHECK(refused(R"({"version": 2, "lists": [{"source": "text"}]})") ==
          "pmatch.preset format 2 is newer than this pmatch (reads 1 to 1)");
    CHECK(refused(R"({"version": "x", "lists": [{"source": "text"}]})") ==
          "the field 'version' is \"x\", wanted: a whole number from 0 to 1000000");
}

TEST_CASE("a recipe has the fields of its file") {
    const auto recipe = parse(R"({
        // two lists
        "description": "mine",
        "lists": [{"source": "title", "space": "t2", "weight": 2.5, "required": false},
                  {"source": "title", "kind": "bm25", "analyser": "words"},
                  {"name": "cross", "source": "image", "query": "text", "exact": true}],
        "fuse": {"method": "rrf", "k": 10, "depth": "top"}, /* and more */
        "min_score": 0.25, "collapse": "model"})");
    REQUIRE(recipe.lists.size() == 3);
    CHECK(recipe.lists[0].name == "title");
    CHECK(recipe.lists[0].space == "t2");
    CHECK(recipe.lists[0].weight == 2.5);
    CHECK_FALSE(recipe.lists[0].required);
    CHECK(recipe.lists[1].name == "title.bm25");
    CHECK(recipe.lists[1].kind == ListKind::kBm25);
    CHECK(recipe.lists[1].analyser == "words");
    CHECK(recipe.lists[2].query == QueryPart::kText);
    CHECK(recipe.lists[2].exact);
    CHECK(recipe.fusion.k == 10);
    CHECK(recipe.fusion.depth_is_top);
    CHECK(recipe.min_score == 0.25);
    CHECK(recipe.collapse == "model");
}

TEST_CASE("errors name the field, what was found and what is wanted") {
    CHECK(refused("[1]") == "the field '(the whole file)' is [1], wanted: an object");
    CHECK(refused("{").find("no JSON: parse error at line 1") != std::string::npos);
    CHECK(refused(R"({"lists": []})") ==
          "the field 'lists' is [], wanted: a list of objects, or \"all\"");
    CHECK(refused(R"({"lists": [{"kind": "bm25"}]})") ==
          "the field 'lists[0].source' is missing, wanted: image, text, caption or a field");
    CHECK(refused(R"({"lists": [{"source": "text", "kind": "tfidf"}]})") ==
          "the field 'lists[0].kind' is \"tfidf\", wanted: vector, bm25, exact");
    CHECK(refused(R"({"lists": [{"source": "text", "weight": -1}]})") ==
          "the field 'lists[0].weight' is -1, wanted: a number from 0 to 1000000000");
    CHECK(refused(R"({"lists": [{"source": "text", "wieght": 1}]})")
              .find("the field 'lists[0].wieght' is not known here, wanted: one of exact, kind") ==
          0);
    CHECK(refused(R"({"lists": [{"source": "text"}, {"source": "text"}]})")
              .find("'lists[1].name' is \"text\" like that of a list before it") !=
          std::string::npos);
    CHECK(refused(R"({"lists": [{"source": "text"}, {"source": "image"}]})")
              .find("the field 'fuse' is missing") == 0);
    CHECK(refused(R"({"lists": [{"source": "text"}], "fuse": {"method": "sum"}})")
              .find("the field 'fuse.method' is \"sum\", wanted: none, borda, rrf") == 0);
    CHECK(
        refused(R"({"lists": [{"source": "text"}], "fuse": {"method": "borda", "depth": "K"}})") ==
        "the field 'fuse.depth' is \"K\", wanted: a whole number from 1 to 100000, or \"top\"");
    CHECK(refused(R"({"lists": [{"source": "text"}], "fuse": {"method": "borda", "k": 60}})")
              .find("the field 'fuse.k' is not known here") == 0);
    CHECK(refused(R"({"lists": [{"source": "image", "kind": "bm25"}]})").find("compares texts") !=
          std::string::npos);
    CHECK(refused(R"({"lists": "all", "weights": {"clip": -1}, "fuse": {"method": "wsum"}})") ==
          "the field 'weights.clip' is -1, wanted: a number from 0 to 1000000000");
    CHECK(refused(R"({"lists": "all", "image_weight": 2, "fuse": {"method": "wsum"}})") ==
          "the field 'image_weight' is 2, wanted: a number from 0 to 1");
    CHECK(refused(R"({"lists": [{"source": "text"}], "weights": {"clip": 1}})")
              .find("'weights' is not known") != std::string::npos);
    CHECK(refused(R"({"first_of": ["image"], "lists": "all"})").find("'lists' is not known") !=
          std::string::npos);
}

TEST_CASE("stages name lists that there are") {
    const auto with = [](const std::string& gate) {
        return R"({"lists": [{"source": "image", "exact": true}], "fuse": {"method": "three-stage",
            "keep": {"weights": {"image": 1}}, "gate": )" +
               gate + R"(, "order": {"weights": {"image": 1}}}})";
    };
    CHECK(parse(with(R"({"list": "image", "at_least": 0.1})")).fusion.staged.at_least == 0.1);
    CHECK(refused(with(R"({"list": "text"})")) ==
          "the field 'fuse.gate.list' names the list 'text', wanted: one of image");
    CHECK(refused(with(R"({"at_least": 0.1})")) ==
          "the field 'fuse.gate.list' is missing, wanted: the name of a list");
    CHECK(refused(with(R"({"list": "image", "mode": "soft"})")) ==
          "the field 'fuse.gate.mode' is \"soft\", wanted: minmax, absolute, zscore");
}

TEST_CASE("a preset file that is not there is a wrong command line") {
    CHECK_THROWS_AS(find_recipe("nowhere/mine.jsonc"), UsageError);
    CHECK_FALSE(find_recipe("nothing-of-that-name").has_value());
}

}  // namespace
