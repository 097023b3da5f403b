#include "core/text/markup.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

using namespace pmatch;

TEST_CASE("a text that is HTML is read as a browser shows it") {
    CHECK(without_markup("<p>Oak <b>stool</b></p>") == "Oak stool");
    CHECK(without_markup(
              "<table class=\"spec\"><tr><td>Height</td><td>45&nbsp;cm</td></tr></table>") ==
          "Height 45\u00A0cm");
    CHECK(without_markup("red<br>blue<BR/>green<hr />") == "red blue green");
    CHECK(without_markup("wash<b>able</b> H<sub>2</sub>O") == "washable H2O");
    CHECK(without_markup("<ul>\n  <li>steel\n  <li>oak\n</ul>") == "steel oak");
    CHECK(without_markup("a <img src='x.jpg' alt=\"1 > 0\" hidden> b") == "a b");
    CHECK(without_markup("a <!-- a <b>note</b> --> b") == "a b");
    CHECK(without_markup("<!DOCTYPE html><html><body>Mug</body></html>") == "Mug");
    CHECK(without_markup("<p><![CDATA[Mug]]></p>") == "Mug");
}

TEST_CASE("what is not shown is no text") {
    CHECK(without_markup("<style>p { color: red }</style><p>Mug</p>") == "Mug");
    CHECK(without_markup("Mug<script type=\"a\">if (a < b) run('</p>');</script> blue") ==
          "Mug blue");
    CHECK(without_markup("<p>Mug</p><style>p { color") == "Mug");
}

TEST_CASE("angle brackets that are no HTML stay") {
    for (const std::string text :
         {"a < b and c > d", "a<b and c>d", "I <3 mugs", "X<200> and Y<300>", "sizes <S> <M> <L>",
          "<small> <big>", "5 <6> 7", "<", "<>", "a <", "-> <-", "if (a<b || c>d)", "<<>>",
          "<table>", "vector<int>", "<no-such-thing>"}) {
        CHECK(without_markup(text) == text);
    }
    CHECK(without_markup("<p>a < b and c > d, X<200></p>") == "a < b and c > d, X<200>");
}

TEST_CASE("a name that is closed somewhere is a tag, whatever it is") {
    CHECK(without_markup("<o:p>Mug</o:p> <my-box>blue</my-box>") == "Mug blue");
}

TEST_CASE("a text that was cut inside of a tag ends before it") {
    CHECK(without_markup("<p>Mug</p> <span style=\"col") == "Mug");
    CHECK(without_markup("<p>Mug</p> blue</spa") == "Mug blue");
    CHECK(without_markup("<p>Mug</p> <!-- blu") == "Mug");
    CHECK(without_markup("<p>Mug</p> a <b and c") == "Mug a <b and c");
}

TEST_CASE("character references with a semicolon become their characters, and nothing else does") {
    CHECK(without_markup("Salt &amp; pepper") == "Salt & pepper");
    CHECK(without_markup("&bdquo;fine&ldquo; &#8222;&#x201C;&#X2013;") ==
          "\u201Efine\u201C \u201E\u201C\u2013");
    CHECK(without_markup("5 &lt; 6 &gt; 4") == "5 < 6 > 4");
    CHECK(without_markup("&#128;&#150;") == "\u20AC\u2013");
    CHECK(without_markup("&#0;&#xD800;&#99999999999;") == "\uFFFD\uFFFD\uFFFD");
    CHECK(without_markup("a&#1;b") == "ab");
    for (const std::string text : {"AT&T", "R&B;", "?a=1&copy=2", "&", "&;", "&#;", "&#x;",
                                   "&#12a;", "&nosuchname;", "a & b; c"}) {
        CHECK(without_markup(text) == text);
    }
}

TEST_CASE("markup that was escaped is read once more") {
    CHECK(without_markup("&lt;p&gt;Salt &amp;amp; pepper&lt;/p&gt;") == "Salt & pepper");
    CHECK(without_markup("Salt &amp;amp; pepper") == "Salt & pepper");
    CHECK(without_markup("<p>Write <code>&lt;br&gt;</code></p>") == "Write <br>");
}

TEST_CASE("a text without markup comes back byte for byte") {
    for (const std::string text : {"", " two  blanks ", "caf\u00E9\n\ttab", "\xFF\xFE bytes"})
        CHECK(without_markup(text) == text);
}

TEST_CASE("a long text made of brackets takes no time") {
    constexpr int kMany = 300'000;
    for (const std::string piece : {"<", "<!--", "<a b=\"", "<b ", "<x></y>", "&#", "<![CDATA["}) {
        std::string text = "<p>";
        for (int i = 0; i < kMany; ++i)
            text += piece;
        CHECK(without_markup(text).size() <= text.size());
    }
}

}  // namespace
