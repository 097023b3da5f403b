#include "cli/terminal/remedy_text.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include "core/text/escape.hpp"

using namespace pmatch;
using namespace pmatch::cli;

namespace {

/// What a shell makes of the words: each of them, ended by a line of its own.
std::string read_by_shell(const std::string& words) {
    const auto command = "printf '%s\\n--\\n' " + words;
    std::FILE* pipe = ::popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::string text;
    std::array<char, 256> block{};
    while (std::fgets(block.data(), block.size(), pipe) != nullptr)
        text += block.data();
    CHECK(::pclose(pipe) == 0);
    return text;
}

}  // namespace

TEST_CASE("words that mean nothing to a shell stay as they are") {
    for (const char* word :
         {"shop", "../a/b-2_c.csv", "title,brand", "k=v", "IVF1024,Flat", "@ids", "50%"})
        CHECK(shell_word(word) == word);
}

TEST_CASE("a shell reads a quoted word as it was") {
    CHECK(shell_word("my shop") == "'my shop'");
    CHECK(shell_word("it's") == "'it'\\''s'");
    CHECK(shell_word("$HOME") == "'$HOME'");
    CHECK(shell_word("") == "''");
    for (const char* word : {"my shop", "it's", "'", "$HOME", "$(date)", "`date`", "\"", "", "*",
                             "~", "a;b", "a\\b", "#", "!", "caf\xc3\xa9", "{a,b}", "a&b", "(a)"}) {
        CAPTURE(word);
        CHECK(read_by_shell(shell_word(word)) == std::string(word) + "\n--\n");
    }
}

TEST_CASE("control characters do not break the line") {
    CHECK(shell_word("a\nb") == "$'a\\012b'");
    CHECK(shell_word("\x1b[31m'\\") == "$'\\033[31m\\'\\\\'");
}

TEST_CASE("a command is the verb, the collection and its arguments") {
    CHECK(command_line({"ledger", "shop"}) == "pmatch ledger shop");
    CHECK(command_line({"embed", "my shop", {"--model", "PACKAGE", "--space", "a b"}}) ==
          "pmatch embed 'my shop' --model PACKAGE --space 'a b'");
}

TEST_CASE("a path that looks like a flag is given as a path") {
    CHECK(command_line({"ledger", "-shop"}) == "pmatch ledger ./-shop");
    CHECK(command_line({"ledger", "-my shop"}) == "pmatch ledger './-my shop'");
}

TEST_CASE("commands alone are one line, among words they are quoted") {
    const Command embed{"embed", "shop", {"--model", "PACKAGE"}};
    const Command build{"build-index", "shop"};
    CHECK(text_of(Remedy("free some space")) == "free some space");
    CHECK(text_of(Remedy(embed)) == "pmatch embed shop --model PACKAGE");
    CHECK(text_of(Remedy({embed, build})) ==
          "pmatch embed shop --model PACKAGE && pmatch build-index shop");
    CHECK(text_of(Remedy("make one:", {embed, build}, ", or use another preset")) ==
          "make one: `pmatch embed shop --model PACKAGE`, then `pmatch build-index shop`, or use "
          "another preset");
    CHECK(text_of(Remedy("", {embed, build}, " makes it for all")) ==
          "`pmatch embed shop --model PACKAGE && pmatch build-index shop` makes it for all");
}

TEST_CASE("a notice says what there is, then what to do") {
    const Command ledger{"ledger", "shop"};
    CHECK(text_of(Notice("3 inputs")) == "3 inputs");
    CHECK(text_of(Notice("3 inputs are skipped; list them", ledger)) ==
          "3 inputs are skipped; list them: pmatch ledger shop");
    CHECK(text_of(Notice("3 inputs are skipped", Remedy("", {ledger}, " says why"))) ==
          "3 inputs are skipped; `pmatch ledger shop` says why");
}
