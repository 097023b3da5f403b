#include "models/tokenizer/tokenizer.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "core/common/error.hpp"
#include "tests/support/temp_dir.hpp"

namespace {

using Ids = std::vector<std::int32_t>;
using nlohmann::json;
using pmatch::test::TempDir;

// Ids: 0 [UNK], 1 [CLS], 2 [SEP], 3 un, 4 ##aff, 5 ##able, 6 cafe, 7 !, 8 U+4E2D, 9 ##e
json small_tokenizer() {
    return {{"added_tokens",
             {{{"id", 2},
               {"content", "[SEP]"},
               {"single_word", false},
               {"lstrip", false},
               {"rstrip", false},
               {"normalized", false},
               {"special", true}}}},
            {"normalizer",
             {{"type", "BertNormalizer"},
              {"clean_text", true},
              {"handle_chinese_chars", true},
              {"strip_accents", nullptr},
              {"lowercase", true}}},
            {"pre_tokenizer", {{"type", "BertPreTokenizer"}}},
            {"post_processor",
             {{"type", "BertProcessing"}, {"sep", {"[SEP]", 2}}, {"cls", {"[CLS]", 1}}}},
            {"model",
             {{"type", "WordPiece"},
              {"unk_token", "[UNK]"},
              {"continuing_subword_prefix", "##"},
              {"max_input_chars_per_word", 20},
              {"vocab",
               {{"[UNK]", 0},
                {"[CLS]", 1},
                {"[SEP]", 2},
                {"un", 3},
                {"##aff", 4},
                {"##able", 5},
                {"cafe", 6},
                {"!", 7},
                {"\u4e2d", 8},
                {"##e", 9}}}}}};
}

std::unique_ptr<pmatch::Tokenizer> load(const json& value) {
    const TempDir directory("tokenizer");
    std::ofstream(directory / "tokenizer.json") << value.dump();
    return pmatch::load_tokenizer(directory / "tokenizer.json");
}

}  // namespace

TEST_CASE("words become their longest pieces between the special tokens") {
    const auto tokenizer = load(small_tokenizer());
    CHECK(tokenizer->encode("unaffable", 16) == Ids{1, 3, 4, 5, 2});
    CHECK(tokenizer->encode("Caf\u00e9!!", 16) == Ids{1, 6, 7, 7, 2});
    CHECK(tokenizer->encode("cafe\u4e2dcafe", 16) == Ids{1, 6, 8, 6, 2});
    CHECK(tokenizer->encode("", 16) == Ids{1, 2});
    CHECK(tokenizer->special_tokens() == 2);
}

TEST_CASE("a word with a part that is no piece is unknown as a whole") {
    const auto tokenizer = load(small_tokenizer());
    CHECK(tokenizer->encode("unx cafe", 16) == Ids{1, 0, 6, 2});
    CHECK(tokenizer->encode("un" + std::string(18, 'e'), 32).size() == 21);
    CHECK(tokenizer->encode("un" + std::string(19, 'e'), 32) == Ids{1, 0, 2});
}

TEST_CASE("a special token is found in the raw text") {
    const auto tokenizer = load(small_tokenizer());
    CHECK(tokenizer->encode("cafe[SEP]cafe", 16) == Ids{1, 6, 2, 6, 2});
    CHECK(tokenizer->encode("[sep]", 16) == Ids{1, 0, 0, 0, 2});
}

TEST_CASE("a long text is cut at its end and keeps the closing token") {
    const auto tokenizer = load(small_tokenizer());
    CHECK(tokenizer->encode("cafe ! cafe ! cafe", 4) == Ids{1, 6, 7, 2});
    CHECK(tokenizer->encode("! unaffable", 4) == Ids{1, 7, 3, 2});
}

TEST_CASE("bytes that are not UTF-8 do no harm") {
    const auto tokenizer = load(small_tokenizer());
    CHECK(tokenizer->encode("cafe \xff\xfe cafe", 16) == Ids{1, 6, 6, 2});
    CHECK(tokenizer->encode("cafe\xe4\xb8", 16) == Ids{1, 6, 2});
    CHECK(tokenizer->encode(std::string("cafe\0!", 6), 16) == Ids{1, 6, 7, 2});
}

TEST_CASE("a component that is not known is refused by name") {
    const auto refuse = [](const char* part, const char* type, const char* message) {
        auto value = small_tokenizer();
        value[part]["type"] = type;
        CHECK_THROWS_WITH_AS(load(value), message, pmatch::Error);
    };
    refuse("model", "Words", "'model.type' is \"Words\", expected one of WordPiece, BPE, Unigram");
    refuse("normalizer", "NFKC", "'normalizer.type' is \"NFKC\", expected one of BertNormalizer");
    refuse("pre_tokenizer", "Whitespace",
           "'pre_tokenizer.type' is \"Whitespace\", expected one of BertPreTokenizer");
    refuse("post_processor", "Other",
           "'post_processor.type' is \"Other\", expected one of TemplateProcessing, "
           "BertProcessing, RobertaProcessing, ByteLevel, Sequence");
}

TEST_CASE("tokenizer_with_an_impossible_id") {
    auto value = small_tokenizer();
    value["model"]["vocab"]["un"] = -3;
    CHECK_THROWS_WITH_AS(load(value), "'model.vocab.un' is -3, expected a token id (0 or more)",
                         pmatch::Error);
}
