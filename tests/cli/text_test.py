"""Texts as a reader sees them: markup, Unicode forms, blanks, and what a model does not see of a text."""
import html
import html.entities
import json
import sqlite3
import unittest

import numpy

from support import PACKAGES, CliTest


class Texts(CliTest):
    def shop(self, catalog, *flags):
        self.write("catalog.csv", catalog)
        return self.pmatch("ingest", "shop", "catalog.csv", *flags)

    def lexical(self, *flags):
        self.quiet("build-index", "shop", "--layout", "bm25", *flags)

    def vectors(self, *flags):
        said = self.pmatch("embed", "shop", "--model", PACKAGES / "text", *flags).stderr
        self.quiet("build-index", "shop")
        return said

    def found(self, text, preset="lexical"):
        out = self.quiet("query", "shop", "--text", text, "--preset", preset, "--format", "tsv").stdout
        return [line.split("\t")[2] for line in out.splitlines()[1:]]


class Markup(Texts):
    CATALOG = ("id,title,description\n"
               'a,Oak stool,"<table class=""spec""><tr><td>Height</td><td>45&nbsp;cm</td></tr></table>"\n'
               "b,Dining set,Table with four chairs\n"
               "c,Salt &amp; pepper mill,<p>Ceramic</p>\n"
               "d,Amp meter,a < b and c > d\n")

    def test_tags_and_entities_are_no_words(self):
        self.shop(self.CATALOG)
        self.lexical()
        self.assertEqual(self.found("table"), ["b"])
        self.assertEqual(self.found("amp"), ["d"])
        self.assertEqual(self.found("nbsp td"), [])
        self.assertEqual(self.found("45 cm"), ["a"])

    def test_a_column_of_its_own_and_the_queries_are_read_alike(self):
        self.shop(self.CATALOG)
        self.lexical("--source", "description")
        self.assertEqual(self.found("table", "description.words"), ["b"])
        self.write("queries.csv", "id,description\nq1,<table><tr><td>chairs</td></tr></table>\nq2,<p></p>\n")
        said = self.pmatch("query", "shop", "--queries", "queries.csv", "--preset", "description.words",
                           "--format", "tsv", code=3)
        self.assertEqual([line.split("\t")[2] for line in said.stdout.splitlines()[1:]], ["b"])
        self.assertIn("query q2: nothing_to_compare", said.stderr)

    def test_html_keep_takes_texts_as_they_are_written_and_is_remembered(self):
        self.shop(self.CATALOG, "--html", "keep")
        self.lexical()
        self.assertEqual(self.found("nbsp td"), ["a"])
        self.write("more.csv", "id,title,description\ne,Mug,<p>red</p>\n")
        self.fails("ingest", "shop", "more.csv", "--mode", "upsert", "--html", "auto", code=2, says=["--html is keep"])
        self.quiet("ingest", "shop", "more.csv", "--mode", "upsert")
        self.lexical()
        self.assertEqual(sorted(self.found("p")), ["c", "e"])
        said = self.pmatch("ingest", "shop", "catalog.csv").stderr
        self.assertIn("--html was keep when this collection was last ingested, now it is auto", said)
        self.lexical()
        self.assertEqual(self.found("nbsp td"), [])

    def test_vectors_are_of_the_text_without_markup_and_cells_stay_as_written(self):
        self.shop("id,title\na,<p>Oak stool</p>\nb,Oak stool\nc,Steel lamp\n")
        self.vectors()
        _, _, vectors = self.read_space()
        self.assertEqual(vectors[0].tobytes(), vectors[1].tobytes())
        said = self.quiet("query", "shop", "--text", "Oak stool", "--where", "title like '<p>%'", "--format", "tsv")
        self.assertEqual(len(said.stdout.splitlines()), 2)


    def test_references_are_those_of_python_s_html_module(self):
        references = [name for name in html.entities.html5 if name.endswith(";")]
        references += [f"#{number};" for number in range(32, 0x300)] + [f"#x{number:X};" for number in (0x1F600, 0xD800)]
        rows = [f"{number},x&{reference}x\n" for number, reference in enumerate(references)]
        self.shop("id,title\n" + "".join(rows))
        database = sqlite3.connect(self.dir / "shop" / "items.sqlite")
        self.addCleanup(database.close)
        for number, text in database.execute("select id, text from items"):
            self.assertEqual(text, html.unescape(f"x&{references[int(number)]}x"))


class UnicodeForms(Texts):
    def test_either_form_of_a_word_finds_the_other_and_accents_are_optional(self):
        self.shop("id,title\na,caf\u00e9 noir\nb,Zu\u0308rich sign\nc,wash\u00adable mug\n")
        self.lexical()
        self.lexical("--analyser", "3gram-unaccented")
        self.assertEqual(self.found("CAFE\u0301", "text.words"), ["a"])
        self.assertEqual(self.found("z\u00fcrich", "text.words"), ["b"])
        self.assertEqual(self.found("washable", "text.words"), ["c"])
        self.assertEqual(self.found("cafe", "text.words"), [])
        self.assertEqual(self.found("cafe", "text.3gram-unaccented")[0], "a")


class Blank(Texts):
    CATALOG = "id,title\nx1,   \nx2,\u00a0\nx3,--\nx4,\u200b\nx5,\na,walnut bowl\nb,brass bell\n"

    def test_a_text_that_says_nothing_has_no_vector_and_is_nobodys_duplicate(self):
        self.assertIn("4 texts hold neither letter nor number", self.shop(self.CATALOG).stderr)
        self.assertIn("2 vectors", self.vectors())
        self.assertEqual(self.read_space()[0].tolist(), [5, 6])
        out = self.quiet("match", "shop", "--preset", "text", "--threshold", ".9", "--mode", "groups").stdout
        self.assertNotIn("x", "".join(line.split(",")[1] for line in out.splitlines()[1:]))
        self.vectors("--source", "title", "--space", "title")
        self.assertEqual(self.read_space("title")[0].tolist(), [5, 6])

    def test_a_query_that_says_nothing_is_named_and_the_others_are_answered(self):
        self.shop(self.CATALOG)
        self.vectors()
        self.lexical()
        self.write("queries.csv", "id,title\nq1,  \nq2,\u200b\nq3,!!!\nq4,walnut\nq5,qzxv\n")
        for preset in ("text", "lexical", "hybrid"):
            with self.subTest(preset):
                said = self.pmatch("query", "shop", "--queries", "queries.csv", "--preset", preset,
                                   "--format", "jsonl", code=3)
                answers = {}
                for line in said.stdout.splitlines():
                    answer = json.loads(line)
                    answers[answer["query"]] = answer["answers"]
                for query in ("q1", "q2", "q3"):
                    self.assertFalse(answers.get(query))
                    self.assertIn(f"query {query}: nothing_to_compare", said.stderr)
                self.assertEqual(answers["q4"][0]["item"], "a")
                if preset == "lexical":
                    self.assertEqual(answers["q5"], [])
        said = self.pmatch("query", "shop", "--text", "   ", "--preset", "text", code=3)
        self.assertIn("a text without a letter or number", said.stderr)


class WhatAModelSees(Texts):
    LONG = "oak stool with a wide seat " * 200

    def long_shop(self):
        self.shop(f"id,text\na,{self.LONG} red\nb,{self.LONG} blue\nc,short text\n")

    def test_texts_that_are_cut_are_counted(self):
        self.long_shop()
        said = self.vectors()
        self.assertRegex(said, r"2 texts have more tokens than the \d+ that text takes, and were cut")
        self.assertIn("--long mean", said)
        _, _, vectors = self.read_space()
        self.assertEqual(vectors[0].tobytes(), vectors[1].tobytes())

    def test_long_mean_reads_texts_to_their_end(self):
        self.long_shop()
        self.vectors()
        self.fails("embed", "shop", "--model", PACKAGES / "text", "--long", "mean",
                   says=["--long cut", "--long mean", "--replace"])
        said = self.vectors("--long", "mean", "--space", "whole")
        self.assertIn("2 texts longer than", said)
        self.assertNotIn("cut", said)
        _, _, whole = self.read_space("whole")
        _, _, cut = self.read_space()
        self.assertNotEqual(whole[0].tobytes(), whole[1].tobytes())
        self.assertEqual(whole[2].tobytes(), cut[2].tobytes())
        self.assertLess(abs(numpy.linalg.norm(whole, axis=1) - 1).max(), 1e-5)
        spaces = self.manifest()["spaces"]
        self.assertEqual(spaces["whole"]["long"], "mean")
        self.assertNotIn("long", spaces["text"])
        self.assertNotEqual(spaces["whole"]["fingerprint"], spaces["text"]["fingerprint"])
        # A query is read alike: its own text is the nearest.
        self.write("queries.csv", f"id,text\nq,{self.LONG} blue\n")
        out = self.quiet("query", "shop", "--queries", "queries.csv", "--preset", "whole", "--format", "tsv",
                         "--top", "1").stdout
        self.assertEqual(out.splitlines()[1].split("\t")[2], "b")
        # The space keeps it without the flag.
        self.assertIn("nothing to do", self.vectors("--space", "whole"))

    def test_long_is_for_texts(self):
        self.picture_catalog()
        self.quiet("ingest", "shop", "pictures.csv")
        self.fails("embed", "shop", "--model", PACKAGES / "image", "--long", "mean", code=2, says=["--long", "texts"])

    def test_texts_of_nothing_but_unknown_tokens_are_counted(self):
        self.shop("id,title\na,\u1230\u120b\u121d\nb,\u0f40\u0f42\nc,mug\n")
        self.assertIn("2 texts are nothing but unknown tokens", self.vectors())


if __name__ == "__main__":
    unittest.main()
