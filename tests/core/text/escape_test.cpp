#include "core/text/escape.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

using namespace pmatch;

TEST_CASE("nothing of a text is markup") {
    CHECK(html_escaped("<a href=\"x\">it's & co</a>\n") ==
          "&lt;a href=&quot;x&quot;&gt;it&#39;s &amp; co&lt;/a&gt;\n");
    CHECK(xml_escaped("a<\"b\">&\n\t\x01\x7F'\xC3\xA9") ==
          "a&lt;&quot;b&quot;&gt;&amp;&#10;&#9;  '\xC3\xA9");
}

TEST_CASE("cells stay one cell") {
    CHECK(csv_cell("plain; 'cell'") == "plain; 'cell'");
    CHECK(csv_cell("a,b") == "\"a,b\"");
    CHECK(csv_cell("say \"hi\"\n") == "\"say \"\"hi\"\"\n\"");
    CHECK(tsv_cell("a\tb\\c\r\n") == "a\\tb\\\\c\\r\\n");
    CHECK(markdown_cell("a|b\\c\r\nd") == "a\\|b\\\\c  d");
}

TEST_CASE("a word of the shell stays one word") {
    CHECK(shell_word("packages/minilm-l6") == "packages/minilm-l6");
    CHECK(shell_word("IVF1024,Flat") == "IVF1024,Flat");
    CHECK(shell_word("") == "''");
    CHECK(shell_word("what's $HOME?") == "'what'\\''s $HOME?'");
}

TEST_CASE("names of SQL and of URIs keep every byte") {
    CHECK(sql_name("the \"best\" price") == "\"the \"\"best\"\" price\"");
    CHECK(percent_encoded("/a b/\xC3\xA9.sqlite?", "/.") == "/a%20b/%C3%A9.sqlite%3F");
}

}  // namespace
