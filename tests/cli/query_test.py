import json
import subprocess
import unittest

from support import BINARY, PACKAGES, CliTest


class Query(CliTest):
    def test_a_text_finds_the_item_with_the_same_text_first(self):
        self.indexed_shop()
        answers = self.quiet("query", "shop", "--text", "Leather boot brown 129", "--format", "tsv")
        lines = [line.split("\t") for line in answers.stdout.splitlines()]
        self.assertEqual(lines[0], ["query", "rank", "item", "score"])
        self.assertEqual(lines[1], ["1", "1", "s2", "1.000000"])
        self.assertEqual([line[1] for line in lines[1:]], ["1", "2", "3", "4", "5", "6"])
        scores = [float(line[3]) for line in lines[1:]]
        self.assertEqual(scores, sorted(scores, reverse=True))

    def test_a_picture_finds_itself_and_an_item_comes_once(self):
        self.picture_catalog()
        self.quiet("ingest", "shop", "pictures.csv")
        self.quiet("embed", "shop", "--model", PACKAGES / "image")
        self.quiet("build-index", "shop")
        answers = self.quiet("query", "shop", "--image", "a2.png", "--format", "jsonl").stdout
        answer = json.loads(answers)
        self.assertEqual(answer["query"], "1")
        self.assertEqual(answer["answers"][0]["item"], "a")
        self.assertAlmostEqual(answer["answers"][0]["score"], 1, places=5)
        self.assertEqual(sorted(a["item"] for a in answer["answers"]), ["a", "b", "c", "d"])

    def test_a_text_beside_a_picture_that_is_not_compared_is_named(self):
        self.picture_catalog()
        self.quiet("ingest", "shop", "pictures.csv")
        self.quiet("embed", "shop", "--model", PACKAGES / "image")
        self.quiet("build-index", "shop")
        both = self.pmatch("query", "shop", "--image", "a2.png", "--text", "red checks").stderr
        self.assertIn("preset image did not compare the text", both)
        self.assertNotIn("did not compare", self.pmatch("query", "shop", "--image", "a2.png").stderr)

    def test_the_table_shows_titles(self):
        self.indexed_shop()
        text = self.quiet("query", "shop", "--text", "mug", "--top", "2").stdout
        self.assertEqual(len(text.splitlines()), 3)
        self.assertIn("title", text.splitlines()[0])

    def test_equal_scores_are_ordered_by_item_id(self):
        self.write("catalog.csv", "id,title\nb,Mug\nc,Mug\na,Mug\nB,Mug\n")
        self.quiet("ingest", "shop", "catalog.csv")
        self.quiet("embed", "shop", "--model", PACKAGES / "text")
        self.quiet("build-index", "shop")
        lines = self.quiet("query", "shop", "--text", "Mug", "--format", "tsv", "--top", "3").stdout
        self.assertEqual([l.split("\t")[2] for l in lines.splitlines()[1:]], ["B", "a", "b"])

    def test_a_query_file_has_the_columns_of_the_catalog(self):
        self.indexed_shop()
        self.write("queries.csv", "id,price,title,colour\nq2,35.90,Desk lamp,black\nq1,79,Running shoe,white\n")
        lines = self.quiet("query", "shop", "--queries", "queries.csv", "--format", "tsv",
                           "--top", "1").stdout.splitlines()
        self.assertEqual(lines[1:], ["q2\t1\tl1\t1.000000", "q1\t1\ts1\t1.000000"])

    def test_columns_can_be_named_for_the_query_file(self):
        self.indexed_shop()
        self.write("queries.csv", "id,wanted\nq,Leather boot brown 129\n")
        lines = self.quiet("query", "shop", "--queries", "queries.csv", "--text", "wanted",
                           "--format", "tsv", "--top", "1").stdout
        self.assertIn("q\t1\ts2\t1.000000", lines)

    def test_a_stream_of_queries_is_answered_as_it_comes(self):
        self.indexed_shop()
        process = subprocess.Popen([BINARY, "query", "shop", "--queries", "-", "--format", "jsonl",
                                    "--top", "1"], cwd=self.dir, stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, text=True, bufsize=1)
        process.stdin.write("id,title,colour,price\n")
        for line, item in [("1,Desk lamp,black,35.90\n", "l1"), ("2,Running shoe,white,79\n", "s1")]:
            process.stdin.write(line)
            process.stdin.flush()
            self.assertEqual(json.loads(process.stdout.readline())["answers"][0]["item"], item)
        process.stdin.close()
        self.assertEqual(process.wait(60), 0)
        process.stdout.close()

    def test_trec_output_is_a_run_with_strictly_decreasing_scores(self):
        self.write("catalog.csv", "id,title\nan id,Mug\nb,Mug\nc,Lamp\n")
        self.quiet("ingest", "shop", "catalog.csv")
        self.quiet("embed", "shop", "--model", PACKAGES / "text")
        self.quiet("build-index", "shop")
        lines = self.quiet("query", "shop", "--text", "Mug", "--format", "trec").stdout.splitlines()
        columns = [line.split(" ") for line in lines]
        self.assertEqual([c[2] for c in columns], ["an%20id", "b", "c"])
        self.assertEqual([c[0] + c[1] + c[3] for c in columns], ["1Q01", "1Q02", "1Q03"])
        scores = [float(c[4]) for c in columns]
        self.assertGreater(scores[0], scores[1])
        self.assertGreater(scores[1], scores[2])

    def test_a_query_that_cannot_be_answered_is_named_and_the_others_are_answered(self):
        self.picture_catalog()
        self.quiet("ingest", "shop", "pictures.csv")
        self.quiet("embed", "shop", "--model", PACKAGES / "image")
        self.quiet("build-index", "shop")
        self.write("queries.csv", "id,image\nq1,nowhere.png\nq2,b.png\nq3,\n")
        said = self.pmatch("query", "shop", "--queries", "queries.csv", "--format", "tsv", "--top",
                           "1", code=3)
        self.assertIn("query q1: missing", said.stderr)
        self.assertIn("query q3: nothing_to_compare", said.stderr)
        self.assertEqual([l.split("\t")[:3] for l in said.stdout.splitlines()[1:]], [["q2", "1", "b"]])

    def test_columns_given_for_a_query_file_must_be_in_it(self):
        self.indexed_shop()
        self.write("queries.csv", "id,words\nq1,mug\n")
        self.fails("query", "shop", "--queries", "queries.csv", "--text", "wrods",
                   says=["'wrods'", "'words'", "--text"])
        self.quiet("query", "shop", "--queries", "queries.csv", "--text", "words")

    def test_a_query_file_without_the_catalog_s_id_column_says_what_to_call_it(self):
        self.indexed_shop()
        self.write("queries.csv", "query,title\nq1,mug\n")
        self.fails("query", "shop", "--queries", "queries.csv", says=["'id'", "'query'", "a query file"])

    def test_where_on_prices_with_one_word_among_them_compares_numbers_and_counts_the_word(self):
        self.write("catalog.csv", "id,title,price,gtin\na,mug,9.99,0012345678905\nb,mug,45.00,12345678905\n"
                   "c,mug,1500.00,\nd,mug,call us,\n")
        self.quiet("ingest", "shop", "catalog.csv", "--text", "title")
        self.quiet("build-index", "shop", "--layout", "bm25")

        def found(where):
            said = self.pmatch("query", "shop", "--text", "mug", "--format", "tsv", "--where", where)
            return "".join(sorted(l.split("\t")[2] for l in said.stdout.splitlines()[1:])), said.stderr

        items, said = found("price < 50")
        self.assertEqual(items, "ab")
        self.assertIn("1 of the cells of 'price' is no number", said)
        self.assertEqual(found("price = 'call us'")[0], "d")
        items, said = found("gtin like '00%'")
        self.assertEqual(items, "a")
        self.assertNotIn("gtin", said)
        self.assertIn("compared by its letters", found("title < 5")[1])
        status = self.quiet("status", "shop").stdout
        self.assertRegex(status, r"price +text and number +1\n")
        self.assertRegex(status, r"gtin +identifier +0\n")
        self.assertRegex(status, r"title +text\n")

    def test_no_query_is_a_usage_error(self):
        self.indexed_shop()
        self.fails("query", "shop", code=2, says=["--text", "--image", "--queries"])

    def test_an_unknown_preset_lists_the_spaces(self):
        self.indexed_shop()
        self.fails("query", "shop", "--text", "x", "--preset", "colour-wheel", code=2,
                   says=["colour-wheel", "hybrid", "text"])

    def test_without_an_index_it_says_which_command_builds_one(self):
        self.text_catalog()
        self.quiet("ingest", "shop", "catalog.csv")
        self.quiet("embed", "shop", "--model", PACKAGES / "text")
        self.fails("query", "shop", "--text", "mug", says=["pmatch build-index"])

    def test_a_space_without_vectors_does_not_keep_the_others_from_their_index(self):
        self.text_catalog()
        self.quiet("ingest", "shop", "catalog.csv")
        self.quiet("embed", "shop", "--model", PACKAGES / "text")
        self.pmatch("embed", "shop", "--model", PACKAGES / "image")
        self.quiet("build-index", "shop")
        self.assertTrue((self.dir / "shop/indexes/text.faiss").exists())
        self.fails("build-index", "shop", "--space", "image", says=["space 'image' has no vectors"])

    def test_an_index_older_than_the_catalog_gives_no_removed_item(self):
        self.indexed_shop()
        self.write("newer.csv", "id,title,colour,price\nm1,Stoneware mug,red,9.50\n")
        self.quiet("ingest", "shop", "newer.csv", "--max-loss", "1")
        said = self.pmatch("query", "shop", "--text", "mug", "--format", "tsv")
        self.assertEqual([line.split("\t")[2] for line in said.stdout.splitlines()[1:]], ["m1"])
        self.assertIn("has changed since its index was built", said.stderr)
        self.assertIn("pmatch build-index", said.stderr)

    def test_items_without_a_vector_yet_are_not_forgotten_silently(self):
        self.indexed_shop()
        catalog = (self.dir / "catalog.csv").read_text()
        self.write("newer.csv", catalog + "n1,Enamel bowl,green,7\n")
        self.quiet("ingest", "shop", "newer.csv")
        missing = "1 of the catalog's inputs have no vector yet"
        embed = f"pmatch embed {self.dir.resolve() / 'shop'} --model"
        for command in (["query", "shop", "--text", "bowl"], ["build-index", "shop"],
                        ["query", "shop", "--text", "bowl"]):
            said = self.pmatch(*command).stderr
            self.assertIn(missing, said)
            self.assertIn(embed, said)
        self.quiet("embed", "shop", "--model", PACKAGES / "text")
        self.quiet("build-index", "shop")
        self.assertNotIn("vector", self.pmatch("query", "shop", "--text", "bowl").stderr)

    def test_a_changed_item_is_not_answered_by_what_it_was(self):
        self.indexed_shop()
        catalog = (self.dir / "catalog.csv").read_text()
        self.write("newer.csv", catalog.replace("Desk lamp", "Desk light"))
        self.quiet("ingest", "shop", "newer.csv")
        said = self.pmatch("query", "shop", "--text", "Desk lamp black 35.90", "--format", "tsv")
        self.assertNotIn("l1", [l.split("\t")[2] for l in said.stdout.splitlines()[1:]])
        self.assertIn("pmatch embed", said.stderr)
        self.assertIn("&& pmatch build-index", said.stderr)

    def test_a_query_file_without_queries_is_said_to_be_one(self):
        self.indexed_shop()
        self.write("queries.csv", "id,title\n")
        self.assertIn("holds no query",
                      self.pmatch("query", "shop", "--queries", "queries.csv").stderr)

    def test_a_damaged_index_is_refused_before_use(self):
        self.indexed_shop()
        index = self.dir / "shop" / "indexes" / "text.faiss"
        content = bytearray(index.read_bytes())
        content[len(content) // 2] ^= 4
        index.write_bytes(content)
        self.fails("query", "shop", "--text", "mug", says=["text.faiss", "pmatch build-index"])
        self.quiet("build-index", "shop", "--layout", "HNSW32")
        self.quiet("query", "shop", "--text", "mug")

    def test_a_model_that_is_not_the_space_s_own_any_more_is_refused(self):
        import shutil
        shutil.copytree(PACKAGES / "text", self.dir / "package")
        self.text_catalog()
        self.quiet("ingest", "shop", "catalog.csv")
        self.quiet("embed", "shop", "--model", "package")
        self.quiet("build-index", "shop")
        shutil.rmtree(self.dir / "package")
        shutil.copytree(PACKAGES / "text2", self.dir / "package")
        self.fails("query", "shop", "--text", "mug", says=["fingerprint", "package"])


class BuildIndex(CliTest):
    def test_layouts_other_than_flat_have_their_recall_in_the_sidecar(self):
        self.indexed_shop()
        said = self.pmatch("build-index", "shop", "--layout", "HNSW32").stderr
        self.assertIn("recall@10", said)
        sidecar = json.loads((self.dir / "shop" / "indexes" / "text.json").read_text())
        self.assertEqual(sidecar["layout"], "HNSW32")
        self.assertGreater(sidecar["recall@10"], 0.9)

    def test_an_up_to_date_index_is_left_alone(self):
        self.indexed_shop()
        self.assertIn("up to date", self.pmatch("build-index", "shop").stderr)

    def test_a_bad_layout_is_a_usage_error(self):
        self.indexed_shop()
        self.fails("build-index", "shop", "--layout", "Flatt", code=2, says=["Flatt", "HNSW32"])

    def test_an_unknown_space_lists_those_there_are(self):
        self.indexed_shop()
        self.fails("build-index", "shop", "--space", "image", code=2, says=["image", "text"])


if __name__ == "__main__":
    unittest.main()
