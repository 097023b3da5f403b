#include "core/preset/preset.hpp"

#include <doctest/doctest.h>

#include "core/common/error.hpp"
#include "core/preset/recipe_resolver.hpp"
#include "tests/support/remedy_words.hpp"

namespace {

using namespace pmatch;

const auto kPictures = Source::pictures();
const auto kText = Source::text();
const auto kTitle = Source::parse("title");

const std::vector<SpaceSummary> kSpaces{
    {"image", kPictures}, {"dino", kPictures}, {"text", kText}, {"title", kTitle}};

SpaceSummary lexical(const char* name, const Source& source, const char* analyser) {
    return {name, source, ListKind::kBm25, analyser};
}

/// What a query brings, as a question of the lists.
struct QueryParts {
    bool picture = false;
    bool text = false;
};

std::optional<RetrieverId> list_for(const Preset& preset, const QueryParts& parts) {
    const auto* choice = preset.choice_for([&](const ListSpec& list) {
        return list.query == QueryPart::kImage ? parts.picture : parts.text;
    });
    if (choice == nullptr) return std::nullopt;
    return choice->names.front();
}

TEST_CASE("auto takes the picture space for a picture and the text space for a text") {
    const Preset preset("auto", kSpaces);
    CHECK(list_for(preset, {.picture = true, .text = false})->name == "image");
    CHECK(list_for(preset, {.picture = false, .text = true})->name == "text");
    CHECK(list_for(preset, {.picture = true, .text = true})->name == "image");
    CHECK_FALSE(list_for(preset, QueryParts{}).has_value());
}

TEST_CASE("auto falls back to the text when there is no picture space") {
    const Preset preset("auto", {{"text", kText}});
    CHECK(list_for(preset, {.picture = true, .text = true})->name == "text");
    CHECK_FALSE(list_for(preset, {.picture = true, .text = false}).has_value());
}

TEST_CASE("a preset compares only what it is for") {
    const Preset preset("text", kSpaces);
    CHECK_FALSE(list_for(preset, {.picture = true, .text = false}).has_value());
}

TEST_CASE("the only space made from pictures serves as the picture space whatever its name") {
    CHECK(list_for(Preset("image", {{"dino", kPictures}}), {.picture = true})->name == "dino");
}

TEST_CASE("a space's name is a preset") {
    CHECK(list_for(Preset("dino", kSpaces), {.picture = true})->name == "dino");
    CHECK(list_for(Preset("title", kSpaces), {.picture = true, .text = true})->name == "title");
}

TEST_CASE("an index that serves two lists of a preset counts once") {
    Recipe recipe;
    recipe.lists.resize(2);
    recipe.lists[0].source = kText;
    recipe.lists[1].source = kTitle;
    recipe.lists[1].required = false;
    for (auto& list : recipe.lists)
        list.kind = ListKind::kBm25;
    const auto resolved = resolve(recipe, {lexical("title.words", kTitle, "words")});
    CHECK(std::get<ResolvedRecipe>(resolved).names.size() == 1);
    const auto both = resolve(
        recipe, {lexical("text.words", kText, "words"), lexical("title.words", kTitle, "words")});
    CHECK(std::get<ResolvedRecipe>(both).names.size() == 2);
}

TEST_CASE("lexical takes the index of the whole text, 3-grams before words") {
    const std::vector<SpaceSummary> lists{{"text", kText},
                                          lexical("brand.3gram", Source::parse("brand"), "3gram"),
                                          lexical("text.words", kText, "words"),
                                          lexical("title.3gram", kTitle, "3gram")};
    CHECK(*list_for(Preset("lexical", lists), {.text = true}) ==
          RetrieverId{"text.words", ListKind::kBm25});
    CHECK_FALSE(list_for(Preset("lexical", lists), {.picture = true}).has_value());
    CHECK(*list_for(Preset("title.3gram", lists), {.text = true}) ==
          RetrieverId{"title.3gram", ListKind::kBm25});
    CHECK(*list_for(Preset("auto", lists), {.text = true}) ==
          RetrieverId{"text", ListKind::kVector});
    auto more = lists;
    more.push_back(lexical("text.3gram", kText, "3gram"));
    CHECK(list_for(Preset("lexical", more), {.text = true})->name == "text.3gram");
    // Of two fields neither is the text.
    CHECK_THROWS_AS(Preset("lexical", {lists[1], lists[3]}), UsageError);
    CHECK(list_for(Preset("lexical", {lists[3]}), {.text = true})->name == "title.3gram");
}

TEST_CASE("auto uses the lexical index when there is no text space") {
    const std::vector<SpaceSummary> lists{{"image", kPictures},
                                          lexical("text.words", kText, "words")};
    const Preset preset("auto", lists);
    CHECK(list_for(preset, {.picture = true, .text = true})->name == "image");
    CHECK(*list_for(preset, {.text = true}) == RetrieverId{"text.words", ListKind::kBm25});
}

TEST_CASE(
    "words and codes read from pictures are not the items' text, descriptions may stand for it") {
    const auto words = lexical("caption:words.3gram", Source::captions("words"), "3gram");
    const auto described = lexical("caption.words", Source::captions(), "words");
    CHECK_THROWS_AS(Preset("lexical", {words}), UsageError);
    CHECK(list_for(Preset("lexical", {words, described}), {.text = true})->name == "caption.words");
    // So texts are not answered by a hybrid with them.
    const Preset preset("auto", {{"image", kPictures}, {"text", kText}, words});
    CHECK(*list_for(preset, {.text = true}) == RetrieverId{"text", ListKind::kVector});
}

TEST_CASE("without a lexical index the error says how to make one") {
    try {
        const Preset preset("lexical", kSpaces);
        FAIL("no error");
    } catch (const UsageError& error) {
        const std::vector<Command> build{{"build-index", {}, {"--layout", "bm25"}}};
        CHECK(error.remedy().commands == build);
    }
}

TEST_CASE("auto takes hybrid where there are a text space and a lexical index") {
    const std::vector<SpaceSummary> lists{
        {"image", kPictures}, {"text", kText}, lexical("text.3gram", kText, "3gram")};
    const Preset preset("auto", lists);
    const auto* choice =
        preset.choice_for([](const ListSpec& list) { return list.query == QueryPart::kText; });
    REQUIRE(choice != nullptr);
    CHECK(choice->recipe.name == "hybrid");
    CHECK(choice->names ==
          std::vector<RetrieverId>{{"text", ListKind::kVector}, {"text.3gram", ListKind::kBm25}});
}

TEST_CASE("lists that a recipe can do without are left out") {
    const Preset preset("rrf", {{"text", kText}, lexical("text.words", kText, "words")});
    REQUIRE(preset.choices().size() == 1);
    CHECK(preset.choices()[0].names ==
          std::vector<RetrieverId>{{"text", ListKind::kVector}, {"text.words", ListKind::kBm25}});
    CHECK_THROWS_AS(Preset("rrf", {{"title", kTitle}}), UsageError);
}

TEST_CASE("a list that a recipe needs is asked for with the command that makes it") {
    try {
        const Preset preset("hybrid", {{"text", kText}});
        FAIL("no error");
    } catch (const UsageError& error) {
        CHECK(std::string(error.what()).find("lexical index of text") != std::string::npos);
        CHECK(test::words_of(error.remedy()).find("--layout bm25") != std::string::npos);
    }
}

TEST_CASE("multimodal takes every list, and both ways of a package with both towers") {
    const Preset preset("multimodal", {{"clip", kPictures, ListKind::kVector, "", true},
                                       {"text", kText},
                                       lexical("text.words", kText, "words")});
    const auto& lists = preset.choices().at(0).recipe.lists;
    REQUIRE(lists.size() == 4);
    CHECK(lists[0].query == QueryPart::kImage);
    CHECK(lists[1].query == QueryPart::kText);
    CHECK(preset.choices()[0].names[1].name == "clip");
    CHECK(lists[3].kind == ListKind::kBm25);
}

SpaceSummary colours(const char* name = "colour") {
    return {.name = name, .source = kPictures, .model = "builtin:colour"};
}

const ResolvedRecipe* chosen(const Preset& preset, const QueryParts& parts) {
    return preset.choice_for([&](const ListSpec& list) {
        return list.query == QueryPart::kImage ? parts.picture : parts.text;
    });
}

TEST_CASE("auto compares by picture and text where the query has both") {
    const Preset preset("auto", kSpaces);
    CHECK(chosen(preset, {.picture = true, .text = true})->recipe.name == "multimodal");
    CHECK(chosen(preset, {.picture = true})->recipe.name == "image");
    CHECK(chosen(preset, {.text = true})->recipe.name == "text");
    // Of a collection without texts only the picture is compared.
    const Preset pictures("auto", {{"image", kPictures}});
    CHECK(chosen(pictures, {.picture = true, .text = true})->recipe.name == "image");
}

TEST_CASE("auto asks the network and the colours where there are both") {
    const Preset both("auto", {colours(), {"image", kPictures}});
    REQUIRE(chosen(both, {.picture = true}) != nullptr);
    CHECK(chosen(both, {.picture = true})->recipe.name == "picture");
    CHECK(chosen(both, {.picture = true})->names ==
          std::vector<RetrieverId>{{"image", ListKind::kVector}, {"colour", ListKind::kVector}});
    for (const auto& one : {SpaceSummary{"image", kPictures}, colours()}) {
        const Preset alone("auto", {one});
        const auto* choice = chosen(alone, {.picture = true});
        REQUIRE(choice != nullptr);
        CHECK(choice->recipe.name == "image");
        CHECK(choice->names.front().name == one.name);
    }
}

TEST_CASE("preset picture does with what there is") {
    const auto names = [](const std::vector<SpaceSummary>& lists) {
        std::vector<std::string> found;
        const Preset preset("picture", lists);
        for (const auto& id : preset.choices().front().names)
            found.push_back(id.name);
        return found;
    };
    using Names = std::vector<std::string>;
    CHECK(names({colours("hue"), {"dino", kPictures}}) == Names{"dino", "hue"});
    CHECK(names({{"dino", kPictures}}) == Names{"dino"});
    CHECK(names({colours()}) == Names{"colour"});
    CHECK(Preset("picture", {{"image", kPictures}}).choices().front().would_help.size() == 2);
    // A column may be called like the descriptor.
    CHECK(names({{"colour", Source::parse("colour")}, {"image", kPictures}}) == Names{"image"});
}

TEST_CASE("a network's space comes before a descriptor's") {
    CHECK(list_for(Preset("image", {colours(), {"dino", kPictures}}), {.picture = true})->name ==
          "dino");
    CHECK(list_for(Preset("image", {colours()}), {.picture = true})->name == "colour");
}

TEST_CASE("of multimodal each side weighs one half, and colours .3 of a network's list") {
    const Preset preset("multimodal", {colours(),
                                       {"image", kPictures},
                                       {"text", kText},
                                       lexical("text.words", kText, "words"),
                                       lexical("text.3gram", kText, "3gram")});
    const auto& lists = preset.choices().at(0).recipe.lists;
    REQUIRE(lists.size() == 5);
    constexpr double kColour = 0.3;
    CHECK(lists[0].weight == doctest::Approx(0.5 * kColour / (1 + kColour)));
    CHECK(lists[1].weight == doctest::Approx(0.5 / (1 + kColour)));
    for (std::size_t i = 2; i < 5; ++i)
        CHECK(lists[i].weight == doctest::Approx(0.5 / 3));
}

TEST_CASE("a picture is compared with texts only by a package that takes both") {
    const std::vector<SpaceSummary> one_tower{
        {"res", kPictures}, {"clip", kPictures}, {"clip-text", kText}};
    CHECK_THROWS_AS(Preset("three-stage", one_tower), UsageError);
    auto both = one_tower;
    both[2].both_towers = true;
    CHECK(Preset("three-stage", both).choices()[0].names[2].name == "clip-text");
}

TEST_CASE("the picture's weight is shared out between the parts of the query") {
    Preset preset("multimodal", {{"image", kPictures}, {"text", kText}});
    preset.set_image_weight(0.75);
    CHECK(preset.choices()[0].recipe.lists[0].weight == 0.75);
    CHECK(preset.choices()[0].recipe.lists[1].weight == 0.25);
}

TEST_CASE("a side of the query weighs what was asked, however many lists it has") {
    Preset preset("multimodal", {{"image", kPictures},
                                 {"text", kText},
                                 lexical("text.words", kText, "words"),
                                 lexical("text.3gram", kText, "3gram")});
    preset.set_image_weight(0.5);
    const auto& lists = preset.choices()[0].recipe.lists;
    REQUIRE(lists.size() == 4);
    double text = 0;
    for (const auto& list : lists) {
        if (list.query == QueryPart::kImage) {
            CHECK(list.weight == 0.5);
        } else {
            text += list.weight;
        }
    }
    CHECK(text == doctest::Approx(0.5));
}

TEST_CASE("lists of one side keep their weights relative to each other") {
    Preset preset("hybrid", {{"text", kText}, lexical("text.words", kText, "words")});
    preset.set_image_weight(0.25);
    const auto& lists = preset.choices()[0].recipe.lists;
    REQUIRE(lists.size() == 2);
    CHECK(lists[0].weight == doctest::Approx(0.25));
    CHECK(lists[1].weight == doctest::Approx(0.5));
}

TEST_CASE("an unknown preset names the spaces there are") {
    try {
        const Preset preset("colour", kSpaces);
        FAIL("no error");
    } catch (const UsageError& error) {
        CHECK(test::words_of(error.remedy()).find("image, dino, text, title") != std::string::npos);
    }
    CHECK_THROWS_AS(Preset("auto", {}), UsageError);
    CHECK_THROWS_AS(Preset("image", {{"a", kPictures}, {"b", kPictures}}), UsageError);
}

}  // namespace
