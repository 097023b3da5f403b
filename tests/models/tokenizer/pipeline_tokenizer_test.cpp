#include "models/tokenizer/pipeline_tokenizer.hpp"

#include <doctest/doctest.h>

#include <array>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <thread>

#include "core/common/error.hpp"
#include "models/tokenizer/tokenizer.hpp"
#include "tests/support/temp_dir.hpp"

namespace {

using Ids = std::vector<std::int32_t>;
using nlohmann::json;
using pmatch::test::TempDir;

const json kByteLevel = {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", true}};

json added(const char* content, std::initializer_list<const char*> flags) {
    json token = {{"id", 0},         {"content", content}, {"single_word", false},
                  {"lstrip", false}, {"rstrip", false},    {"normalized", false},
                  {"special", false}};
    for (const auto* flag : flags)
        token[flag] = true;
    return token;
}

// Ids: 0 a, 1 b, 2 ab, 3 U+0120 (a space), 4 " ab", 5 <end>, then the bytes of U+00E9 (C3 A9)
json small_bpe() {
    return {{"normalizer", nullptr},
            {"pre_tokenizer", kByteLevel},
            {"post_processor", nullptr},
            {"decoder", {{"type", "ByteLevel"}}},
            {"added_tokens", json::array({added("<end>", {"special"})})},
            {"model",
             {{"type", "BPE"},
              {"vocab",
               {{"a", 0},
                {"b", 1},
                {"ab", 2},
                {"\u0120", 3},
                {"\u0120ab", 4},
                {"<end>", 5},
                {"\u00c3", 6},
                {"\u00a9", 7}}},
              {"merges", {"a b", "\u0120 ab"}}}}};
}

// Ids: 0 <unk>, 1 U+2581, 2 a, 3 b, 4 ab, 5 U+2581 a
json small_unigram() {
    return json::parse(R"({
        "pre_tokenizer": {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": true},
        "model": {"type": "Unigram", "unk_id": 0, "vocab": [
            ["<unk>", 0], ["\u2581", -2.0], ["a", -2.0], ["b", -2.0], ["ab", -4.0], ["\u2581a", -3.5]]}
    })");
}

std::unique_ptr<pmatch::Tokenizer> load_text(const std::string& text) {
    const TempDir directory("pipeline_tokenizer");
    std::ofstream(directory / "tokenizer.json") << text;
    return pmatch::load_tokenizer(directory / "tokenizer.json");
}

std::unique_ptr<pmatch::Tokenizer> load(const json& value) {
    return load_text(value.dump());
}

/// Loads `value` with the part at `pointer` set to `part`.
void refuse(json value, const char* pointer, const json& part, const char* message) {
    value[json::json_pointer(pointer)] = part;
    CHECK_THROWS_WITH_AS(load(value), message, pmatch::Error);
}

}  // namespace

TEST_CASE("the pair that was learned first is merged first") {
    const auto tokenizer = load(small_bpe());
    CHECK(tokenizer->encode("ab ab", 16) == Ids{2, 4});
    CHECK(tokenizer->encode("abb a", 16) == Ids{2, 1, 3, 0});
    CHECK(tokenizer->encode("", 16).empty());
    // Long enough for the way that long words take.
    Ids many(100, 2);
    many.push_back(0);
    std::string word;
    for (int i = 0; i < 100; ++i)
        word += "ab";
    CHECK(tokenizer->encode(word + "a", 1000) == many);
}

TEST_CASE("a text is cut at its end and keeps the tokens around it") {
    auto value = small_bpe();
    value["post_processor"] = {{"type", "RobertaProcessing"},
                               {"cls", {"<end>", 5}},
                               {"sep", {"<end>", 5}},
                               {"trim_offsets", false},
                               {"add_prefix_space", false}};
    const auto tokenizer = load(value);
    CHECK(tokenizer->special_tokens() == 2);
    CHECK(tokenizer->encode("", 16) == Ids{5, 5});
    CHECK(tokenizer->encode("ab ab ab", 4) == Ids{5, 2, 4, 5});
    CHECK(tokenizer->encode("ab ab ab", 2) == Ids{5, 5});
    CHECK(tokenizer->content("ab ab ab", 2) == Ids{2, 4});
    CHECK(tokenizer->framed({2, 4}) == Ids{5, 2, 4, 5});
    CHECK(tokenizer->content("ab", 0).empty());
}

TEST_CASE("processors of a sequence put their tokens around each other's") {
    auto value = small_bpe();
    const json inner = {
        {"type", "TemplateProcessing"},
        {"single",
         {{{"SpecialToken", {{"id", "x"}, {"type_id", 0}}}},
          {{"Sequence", {{"id", "A"}, {"type_id", 0}}}}}},
        {"special_tokens", {{"x", {{"id", "x"}, {"ids", {5, 3}}, {"tokens", {"x", "y"}}}}}}};
    value["post_processor"] = {{"type", "Sequence"},
                               {"processors",
                                {inner,
                                 {{"type", "ByteLevel"}},
                                 {{"type", "BertProcessing"},
                                  {"cls", json::array({"a", 0})},
                                  {"sep", json::array({"b", 1})}}}}};
    CHECK(load(value)->encode("ab", 16) == Ids{0, 5, 3, 2, 1});
}

TEST_CASE("added tokens swallow blanks, want whole words and are found where they are wanted") {
    auto value = small_bpe();
    value["normalizer"] = {{"type", "Lowercase"}};
    value["added_tokens"] =
        json::array({added("<l>", {"lstrip"}), added("<r>", {"rstrip"}),
                     added("bb", {"single_word"}), added("BA", {"normalized"}), added("<r>a", {})});
    const auto tokenizer = load(value);  // they get the ids 8 to 12
    CHECK(tokenizer->encode("ab  <l> ab", 16) == Ids{2, 8, 4});
    CHECK(tokenizer->encode("ab <r>  ab", 16) == Ids{2, 3, 9, 2});
    CHECK(tokenizer->encode("bb abb bb", 16) == Ids{10, 4, 1, 3, 10});
    CHECK(tokenizer->encode("Ba<L>", 16).front() == 11);
    CHECK(tokenizer->encode("<r>a", 16) == Ids{12});
}

TEST_CASE("ids become text again, special tokens and what is no token left out") {
    const auto tokenizer = load(small_bpe());
    CHECK(tokenizer->decode(Ids{5, 2, 4, 6, 7, 5}) == "ab ab\u00e9");
    CHECK(tokenizer->decode(Ids{6, 0, -1, 99}) == "\uFFFDa");
    CHECK(tokenizer->decode(Ids{}).empty());
    CHECK_THROWS_WITH_AS(load(small_unigram())->decode(Ids{1}),
                         "'decoder.type' is null, expected ByteLevel", pmatch::Error);
}

TEST_CASE("characters that no piece stands for become bytes or the unknown token") {
    auto value = small_bpe();
    CHECK(load(value)->encode("axb", 16) == Ids{2});  // without an unknown token x is left out
    refuse(value, "/model/unk_token", "",
           "'model.unk_token' is \"\", expected a piece of the vocabulary");
    value["model"]["unk_token"] = "<end>";
    CHECK(load(value)->encode("axyb", 16) == Ids{0, 5, 5, 1});
    value["model"]["fuse_unk"] = true;
    CHECK(load(value)->encode("axyb", 16) == Ids{0, 5, 1});
    value["model"]["byte_fallback"] = true;
    value["model"]["vocab"]["<0x78>"] = 9;
    CHECK(load(value)->encode("axb", 16) == Ids{0, 9, 1});
}

TEST_CASE("a word is cut where the scores add up highest") {
    const auto tokenizer = load(small_unigram());
    CHECK(tokenizer->encode("a", 16) == Ids{5});
    CHECK(tokenizer->encode("b", 16) == Ids{1, 3});
    CHECK(tokenizer->encode("bab a", 16) == Ids{1, 3, 4, 5});  // of equal ways the one found first
    CHECK(tokenizer->encode("xy b", 16) == Ids{1, 0, 1, 3});   // unknown ones are one
    CHECK(tokenizer->encode("", 16).empty());
    auto value = small_unigram();
    value["model"]["byte_fallback"] = true;
    value["model"]["vocab"].push_back(json::array({"<0x78>", -9}));
    value["model"]["vocab"].push_back(json::array({"<0x79>", -9}));
    CHECK(load(value)->encode("xy", 16) == Ids{1, 6, 7});
    CHECK(load(value)->encode("xz", 16) == Ids{1, 0});
}

TEST_CASE("bytes that are not UTF-8 count as U+FFFD") {
    const auto tokenizer = load(small_bpe());
    CHECK(tokenizer->encode("ab\xff\xc3 ab", 16) == tokenizer->encode("ab\uFFFD\uFFFD ab", 16));
    CHECK(load(small_unigram())->encode("a\xe4\xb8", 16) == Ids{5, 0});
}

TEST_CASE("threads do not disturb each other's words") {
    const auto bpe = load(small_bpe());
    const auto unigram = load(small_unigram());
    std::array<int, 4> wrong{};
    std::vector<std::jthread> threads;
    for (auto& count : wrong) {
        threads.emplace_back([&] {
            for (int i = 0; i < 2000; ++i) {
                count += bpe->encode("ab ab", 16) != Ids{2, 4} ? 1 : 0;
                count += unigram->encode("bab a", 16) != Ids{1, 3, 4, 5} ? 1 : 0;
            }
        });
    }
    threads.clear();
    CHECK(wrong == std::array<int, 4>{});
}

TEST_CASE("a part that is not known is refused by name") {
    refuse(small_bpe(), "/model/type", "WordLevel",
           "'model.type' is \"WordLevel\", expected one of WordPiece, BPE, Unigram");
    refuse(small_bpe(), "/normalizer", {{"type", "Nmt"}},
           "'normalizer.type' is \"Nmt\", expected one of NFC, NFD, NFKC, NFKD, Lowercase, Strip, "
           "StripAccents, Replace, Prepend, Precompiled, Sequence");
    refuse(small_bpe(), "/pre_tokenizer",
           {{"type", "Sequence"}, {"pretokenizers", {{{"type", "Digits"}}}}},
           "'pre_tokenizer.pretokenizers.type' is \"Digits\", expected one of Split, ByteLevel, "
           "Metaspace, WhitespaceSplit, Sequence");
    refuse(small_bpe(), "/post_processor", {{"type", "Other"}},
           "'post_processor.type' is \"Other\", expected one of TemplateProcessing, "
           "BertProcessing, RobertaProcessing, ByteLevel, Sequence");
    refuse(small_bpe(), "/model/dropout", 0.1,
           "'model.dropout' is 0.1, expected none: encoding must not be random");
    refuse(
        small_bpe(), "/pre_tokenizer",
        {{"type", "Sequence"}, {"pretokenizers", {kByteLevel, kByteLevel}}},
        "'pre_tokenizer.pretokenizers.type' is \"ByteLevel\", expected nothing behind ByteLevel");
    refuse(small_unigram(), "/pre_tokenizer", kByteLevel,
           "'model.type' is \"Unigram\", expected BPE behind ByteLevel");
    refuse(small_unigram(), "/pre_tokenizer/prepend_scheme", "last",
           "'pre_tokenizer.prepend_scheme' is \"last\", expected one of always, first, never");
}

TEST_CASE("a pattern that libraries read differently is refused") {
    const auto refuse_pattern = [](const char* regex, const char* message) {
        refuse(small_bpe(), "/pre_tokenizer",
               {{"type", "Split"},
                {"pattern", {{"Regex", regex}}},
                {"behavior", "Isolated"},
                {"invert", false}},
               message);
    };
    refuse_pattern("\\w+",
                   "'pre_tokenizer.pattern.Regex' is \"\\\\w+\", expected a pattern without \\w");
    refuse_pattern(
        "(?m:a.b)",
        "'pre_tokenizer.pattern.Regex' is \"(?m:a.b)\", expected a pattern without (?m:");
    refuse_pattern("[a-c&&b]",
                   "'pre_tokenizer.pattern.Regex' is \"[a-c&&b]\", expected a pattern without &&");
    refuse_pattern("(a",
                   "'pre_tokenizer.pattern.Regex' is \"(a\", expected a pattern that ICU reads "
                   "(U_REGEX_MISMATCHED_PAREN)");
}

TEST_CASE("a pattern without end stops with an error") {
    auto value = small_bpe();
    value["pre_tokenizer"] = {{"type", "Split"},
                              {"pattern", {{"Regex", "(a+)+(a+)+b"}}},
                              {"behavior", "Isolated"},
                              {"invert", false}};
    CHECK_THROWS_AS(load(value)->encode(std::string(5000, 'a') + "c", 16), pmatch::Error);
}

TEST_CASE("tokenizer_with_ids_out_of_range") {
    refuse(small_bpe(), "/model/vocab/a", -1,
           "'model.vocab.a' is -1, expected a token id (0 or more)");
    refuse(small_bpe(), "/model/vocab/a", std::numeric_limits<std::uint64_t>::max(),
           "'model.vocab.a' is 18446744073709551615, expected a token id (0 or more)");
    refuse(small_unigram(), "/model/unk_id", 6,
           "'model.unk_id' is 6, expected a whole number from 0 to 5");
    refuse(small_unigram(), "/model/unk_id", nullptr,
           "'model.unk_id' is null, expected a whole number from 0 to 5");
    auto value = small_bpe();
    value["model"]["vocab"]["b"] = 0x7fffffff;
    CHECK(load(value)->encode("b", 16) == Ids{0x7fffffff});
    CHECK(load(value)->decode(Ids{0x7fffffff}) == "b");
}

TEST_CASE("tokenizer_with_merges_of_nothing") {
    refuse(small_bpe(), "/model/merges", {"a c"},
           "'model.merges' is \"c\", expected pieces of the vocabulary");
    refuse(small_bpe(), "/model/merges", {"b a"},
           "'model.merges' is \"ba\", expected pieces of the vocabulary");
    refuse(small_bpe(), "/model/merges", {"ab"}, "'model.merges' is \"ab\", expected two pieces");
    refuse(small_bpe(), "/model/merges", json::parse(R"([["a", 1]])"),
           "'model.merges' is an array of 2, expected two pieces");
}

TEST_CASE("tokenizer_with_values_of_wrong_types") {
    refuse(small_bpe(), "/model/vocab", json::array(),
           "model.vocab is an array of 0, expected an object");
    refuse(small_bpe(), "/model/fuse_unk", 1, "'model.fuse_unk' is 1, expected true or false");
    refuse(small_bpe(), "/added_tokens", 7, "'added_tokens' is 7, expected an array");
    refuse(small_bpe(), "/added_tokens", {7}, "added_tokens[0] is 7, expected an object");
    refuse(small_unigram(), "/model/vocab", json::parse(R"([["a", "b"]])"),
           "'model.vocab[0]' is an array of 2, expected a piece and its score");
    refuse(small_unigram(), "/model/vocab", json::array(),
           "'model.vocab' is an array of 0, expected pieces");
    CHECK_THROWS_AS(load_text("{\"model\": {\"type\": \"Unigram\", \"vocab\": [[\"a\", 1e999]]}}"),
                    pmatch::Error);
}

TEST_CASE("tokenizer_nested_without_end") {
    const std::string open(200'000, '[');
    CHECK_THROWS_AS(load_text(open), pmatch::Error);
    CHECK_THROWS_AS(load_text("{\"model\": " + open + std::string(200'000, ']') + "}"),
                    pmatch::Error);
    json normalizer = {{"type", "Lowercase"}};
    json pre_tokenizer = kByteLevel;
    json processor = {{"type", "ByteLevel"}};
    for (int i = 0; i < 100; ++i) {
        normalizer = {{"type", "Sequence"}, {"normalizers", json::array({normalizer})}};
        pre_tokenizer = {{"type", "Sequence"}, {"pretokenizers", json::array({pre_tokenizer})}};
        processor = {{"type", "Sequence"}, {"processors", json::array({processor})}};
    }
    for (const auto& [key, part] : {std::pair{"normalizer", normalizer},
                                    {"pre_tokenizer", pre_tokenizer},
                                    {"post_processor", processor}}) {
        auto value = small_bpe();
        value[key] = part;
        CHECK_THROWS_AS(load(value), pmatch::Error);
    }
}

TEST_CASE("tokenizer_with_a_damaged_character_map") {
    const char* message =
        "'normalizer.precompiled_charsmap' is \"%\", expected a character map of SentencePiece in "
        "base64";
    const auto refuse_map = [&](const std::string& map) {
        auto text = std::string(message);
        text.replace(text.find('%'), 1, map);
        refuse(small_unigram(), "/normalizer",
               {{"type", "Precompiled"}, {"precompiled_charsmap", map}}, text.c_str());
    };
    refuse_map("");
    refuse_map("no base64!");
    refuse_map("AAAAAA==");      // a trie of no units
    refuse_map("BAAAAA==");      // a unit that is not there
    refuse_map("BAAAAP////8A");  // a value behind the replacements
}

TEST_CASE("a tokenizer that makes texts grow without end is stopped") {
    auto value = small_bpe();
    const json grow = {
        {"type", "Replace"}, {"pattern", {{"String", "a"}}}, {"content", std::string(4096, 'a')}};
    value["normalizer"] = {{"type", "Sequence"}, {"normalizers", {grow, grow, grow}}};
    CHECK_THROWS_AS(load(value)->encode("a", 16), pmatch::Error);
}
