import json
import os
import unittest
from unittest import mock

from support import PACKAGES, CliTest


class Lexical(CliTest):
    def shop(self, *flags):
        """Six texts in a collection `shop` with a lexical index and no vectors."""
        self.text_catalog()
        self.quiet("ingest", "shop", "catalog.csv")
        return self.pmatch("build-index", "shop", "--layout", "bm25", *flags)

    def items(self, *query):
        lines = self.quiet("query", "shop", *query, "--format", "tsv").stdout.splitlines()[1:]
        return [line.split("\t")[2] for line in lines]

    def test_an_index_of_the_text_needs_no_vectors(self):
        said = self.shop().stderr
        self.assertIn("build-index text.words: 6 texts, layout bm25", said)
        self.assertTrue((self.dir / "shop/indexes/text.words.bm25").exists())
        self.assertEqual(self.items("--text", "BLUE mug", "--preset", "lexical"), ["m2", "m1"])
        self.assertEqual(self.items("--text", "blue mug"), ["m2", "m1"])  # auto
        self.assertEqual(self.items("--text", "blue mug", "--preset", "text.words"), ["m2", "m1"])

    def test_3grams_find_misspelt_words(self):
        self.shop("--analyser", "3gram")
        self.assertEqual(self.items("--text", "stonewear", "--preset", "lexical"), ["m1", "m2"])

    def test_one_field_may_be_indexed_and_a_query_file_s_column_of_that_name_is_compared(self):
        self.shop("--source", "colour")
        self.write("queries.csv", "id,title,colour\nq,Stoneware mug,white\n")
        self.assertEqual(self.items("--queries", "queries.csv", "--preset", "colour.words"), ["l2", "s1"])

    def test_a_field_s_name_may_hold_anything(self):
        self.write("catalog.csv", "id,Größe / cm\na,zwölf\nb,elf\n")
        self.quiet("ingest", "shop", "catalog.csv")
        self.quiet("build-index", "shop", "--layout", "bm25", "--source", "Größe / cm")
        self.assertEqual(self.items("--text", "Zwölf", "--preset", "Größe / cm.words"), ["a"])

    def test_scores_follow_k1_and_b(self):
        # Three texts, "mug" in all, lengths 3, 3, 3 after the field; k1 0: the score is the idf,
        # ln(1 + 0.5 / 3.5) = 0.133531.
        self.write("catalog.csv", "id,title\na,mug mug mug\nb,mug red lamp\nc,mug\n")
        self.quiet("ingest", "shop", "catalog.csv")
        self.quiet("build-index", "shop", "--layout", "bm25", "--k1", "0", "--b", "0.5")
        out = self.quiet("query", "shop", "--text", "mug", "--preset", "lexical", "--format", "tsv").stdout
        self.assertEqual([line.split("\t")[2:] for line in out.splitlines()[1:]],
                         [["a", "0.133531"], ["b", "0.133531"], ["c", "0.133531"]])

    def test_equal_scores_go_by_item_id_and_the_border_is_cut_there(self):
        self.write("catalog.csv", "id,title\nb,Mug\nc,Mug\na,Mug\nB,Mug\nx,Lamp\n")
        self.quiet("ingest", "shop", "catalog.csv")
        self.quiet("build-index", "shop", "--layout", "bm25")
        self.assertEqual(self.items("--text", "mug", "--top", "3"), ["B", "a", "b"])

    def test_evaluate_measures_it(self):
        self.shop()
        self.write("truth.csv", "query,item\nq1,m2\nq2,l1\n")
        self.write("queries.csv", "id,title,colour\nq1,mug lid,\nq2,lamp,desk\n")
        out = self.pmatch("evaluate", "shop", "--queries", "queries.csv", "--truth", "truth.csv",
                          "--preset", "lexical", "--format", "json").stdout
        result = json.loads(out)
        self.assertEqual(result["preset"], "lexical")
        self.assertEqual(result["metrics"]["recall@1"], 1)

    def test_an_up_to_date_index_is_left_alone_and_other_parameters_make_another(self):
        self.shop()
        again = ("build-index", "shop", "--layout", "bm25")
        self.assertIn("up to date", self.pmatch(*again).stderr)
        self.assertNotIn("up to date", self.pmatch(*again, "--b", "0.5").stderr)
        self.assertEqual(self.manifest()["lexical"]["text.words"]["b"], 0.5)

    def test_a_newer_catalog_makes_it_out_of_date_and_the_command_is_said(self):
        self.shop("--k1", "0.9")
        command = "--layout bm25 --source text --analyser words --k1 0.9 --b 0.75"
        self.assertNotIn(command, self.quiet("status", "shop").stdout)
        self.write("newer.csv", "id,title,colour,price\nm1,Stoneware mug,red,9.50\n")
        self.quiet("ingest", "shop", "newer.csv", "--max-loss", "1")
        said = self.pmatch("query", "shop", "--text", "mug", "--preset", "lexical").stderr
        self.assertIn("changed", said)
        self.assertIn(command, said)
        status = self.quiet("status", "shop").stdout
        self.assertIn("out of date", status)
        mend = next(line.split() for line in status.splitlines() if command in line)
        self.quiet(*mend[1:])
        self.assertEqual(self.items("--text", "mug", "--preset", "lexical"), ["m1"])

    def test_without_a_directory_for_temporary_files_an_index_of_old_texts_is_an_error(self):
        self.shop()
        self.write("newer.csv", "id,title,colour,price\nm1,Stoneware mug,red,9.50\n")
        self.quiet("ingest", "shop", "newer.csv", "--max-loss", "1")
        for value in ("nowhere", "newer.csv"):
            with mock.patch.dict(os.environ, {"TMPDIR": str(self.dir / value)}):
                self.fails("query", "shop", "--text", "mug", "--preset", "lexical",
                           says=["temporary directory", value, "set TMPDIR"])
        with mock.patch.dict(os.environ, {"TMPDIR": ""}):
            self.assertEqual(self.items("--text", "mug", "--preset", "lexical"), ["m1"])

    def test_build_index_names_the_lexical_indexes_that_it_leaves_out_of_date(self):
        self.shop()
        self.quiet("embed", "shop", "--model", PACKAGES / "text")
        self.assertNotIn("lexical", self.pmatch("build-index", "shop").stderr)
        self.write("newer.csv", "id,title,colour,price\nm9,Enamel mug,red,9.50\n")
        self.quiet("ingest", "shop", "newer.csv", "--mode", "upsert")
        self.quiet("embed", "shop", "--model", PACKAGES / "text")
        said = self.pmatch("build-index", "shop").stderr
        self.assertIn("the lexical index text.words is out of date: pmatch build-index", said)
        self.assertIn("--layout bm25 --source text", said)

    def test_it_stays_current_when_only_other_columns_changed(self):
        self.write("catalog.csv", "id,title,price\na,mug,1\nb,lamp,2\n")
        self.quiet("ingest", "shop", "catalog.csv")
        self.quiet("build-index", "shop", "--layout", "bm25", "--source", "title")
        self.write("newer.csv", "id,title,price\na,mug,3\nb,lamp,2\n")
        self.assertIn("1 changed", self.pmatch("ingest", "shop", "newer.csv").stderr)
        self.assertIn("up to date", self.quiet("status", "shop").stdout)
        self.assertEqual(self.items("--text", "mug", "--preset", "lexical"), ["a"])

    def test_a_damaged_index_is_refused_and_made_again(self):
        self.shop()
        index = self.dir / "shop/indexes/text.words.bm25"
        for mend in (["doctor", "shop", "--repair"], ["build-index", "shop", "--layout", "bm25"]):
            content = bytearray(index.read_bytes())
            content[len(content) // 2] ^= 4
            index.write_bytes(content)
            self.fails("query", "shop", "--text", "mug", "--preset", "lexical",
                       says=["text.words.bm25", "pmatch doctor shop --repair"])
            self.quiet(*mend)
            self.assertEqual(self.items("--text", "lid", "--preset", "lexical"), ["m2"])

    def test_without_an_index_it_says_which_command_builds_one(self):
        self.text_catalog()
        self.quiet("ingest", "shop", "catalog.csv")
        self.fails("query", "shop", "--text", "mug", "--preset", "lexical", code=2,
                   says=["build-index shop --layout bm25"])

    def test_wrong_flags_are_usage_errors(self):
        self.shop()
        build = ("build-index", "shop", "--layout", "bm25")
        self.fails(*build, "--analyser", "2gram", code=2, says=["2gram", "words, 3gram"])
        self.fails(*build, "--b", "2", code=2, says=["0 to 1"])
        self.fails(*build, "--k1", "-1", code=2, says=["k1"])
        self.fails(*build, "--source", "image", code=2, says=["texts"])
        self.fails(*build, "--space", "text", code=2, says=["--source"])
        self.fails(*build, "--source", "brand", says=["brand", "title"])
        self.fails("build-index", "shop", "--analyser", "words", code=2, says=["--layout bm25"])

    def test_threads_do_not_change_the_answers(self):
        self.shop("--analyser", "3gram")
        self.write("queries.csv", "id,title\n" + "".join(f"{i},mug lamp {i}\n" for i in range(300)))
        run = ("query", "shop", "--queries", "queries.csv", "--preset", "lexical", "--format", "tsv")
        self.assertEqual(self.quiet("--threads", "1", *run).stdout, self.quiet("--threads", "3", *run).stdout)


if __name__ == "__main__":
    unittest.main()
