import html.parser
import json
import shutil
import unittest

from support import PACKAGES, ROOT, CliTest, write_png

SHIPPED = sorted(file.stem for file in (ROOT / "presets").glob("*.jsonc"))


def two_towers(directory):
    """A package of the small text and picture models, which both have 64 dimensions."""
    shutil.copytree(PACKAGES / "image", directory)
    shutil.copy(PACKAGES / "text" / "text.pt", directory)
    shutil.copy(PACKAGES / "text" / "tokenizer.json", directory)
    model, text = (json.loads((PACKAGES / name / "model.json").read_text()) for name in ("image", "text"))
    model["task"], model["name"] = "image-text-embedding", "twin"
    model["text"] = text["text"]
    model["files"].update(text["files"])
    model["golden"] = []
    model.pop("checksum")
    model["embedding"] = text["embedding"]
    (directory / "model.json").write_text(json.dumps(model))


class Presets(CliTest):
    def shop(self):
        """Four products with pictures, titles and a lexical index."""
        self.picture_catalog()
        self.quiet("ingest", "shop", "pictures.csv")
        self.quiet("embed", "shop", "--model", PACKAGES / "text")
        self.quiet("embed", "shop", "--model", PACKAGES / "image")
        self.quiet("build-index", "shop")
        self.quiet("build-index", "shop", "--layout", "bm25")

    def answers(self, *query):
        line = self.quiet("query", "shop", *query, "--format", "jsonl").stdout
        return json.loads(line)["answers"]

    def items(self, *query):
        return [answer["item"] for answer in self.answers(*query)]

    def test_presets_lists_each_with_a_line(self):
        lines = self.quiet("presets").stdout.splitlines()
        self.assertEqual(sorted(line.split()[0] for line in lines[1:]), SHIPPED)
        self.assertEqual(lines[1].split()[0], "auto")
        self.assertTrue(all(len(line.split()) > 3 for line in lines[1:]))

    def test_show_prints_the_file_with_its_comments(self):
        text = self.quiet("presets", "show", "borda").stdout
        self.assertTrue(text.startswith("// Borda count"))
        self.assertIn('"method": "borda"', text)
        self.fails("presets", "show", "bordda", code=2, says=["bordda", "borda", "hybrid"])

    def test_a_copied_preset_works_by_its_path(self):
        self.shop()
        self.write("mine.jsonc", self.quiet("presets", "show", "rrf").stdout)
        query = ["--text", "blue checks", "--image", "c.png"]
        self.assertEqual(self.answers(*query, "--preset", "mine.jsonc"), self.answers(*query, "--preset", "rrf"))
        self.write("mine.jsonc", '{"lists": [{"source": "text"}], "fuse": {"method": "borda", "depth": -1}}')
        self.fails("query", "shop", *query, "--preset", "mine.jsonc",
                   says=["mine.jsonc", "fuse.depth", "-1", "1 to 100000"])
        self.fails("query", "shop", *query, "--preset", "./nothing.jsonc", code=2, says=["nothing.jsonc"])

    def test_hybrid_is_the_default_where_there_are_text_vectors_and_terms(self):
        self.shop()
        self.assertEqual(self.answers("--text", "blue checks"),
                         self.answers("--text", "blue checks", "--preset", "hybrid"))
        explained = self.answers("--text", "blue checks", "--explain")[0]["explain"]
        self.assertEqual(explained["preset"], "hybrid")
        explained = self.answers("--image", "a.png", "--explain")[0]["explain"]
        self.assertEqual(explained["preset"], "image")

    def test_a_picture_and_a_text_are_compared_both_without_being_told(self):
        self.shop()
        query = ["--text", "blue checks", "--image", "a.png"]
        result = self.pmatch("query", "shop", *query)
        self.assertNotIn("did not compare", result.stderr)
        self.assertEqual(self.answers(*query), self.answers(*query, "--preset", "multimodal"))
        answers = self.answers(*query, "--explain")
        lists = answers[0]["explain"]["lists"]
        self.assertEqual({p["list"] for p in lists}, {"image", "text", "text.words"})
        # min-max: the best of a list has 1, so a side of two lists adds one half at most.
        self.assertAlmostEqual(max(p["contribution"] for a in answers for p in a["explain"]["lists"]
                                   if p["list"] == "image"), .5, places=5)
        self.assertLess(max(sum(p["contribution"] for p in a["explain"]["lists"] if p["list"] != "image")
                            for a in answers), .5001)

    def test_colours_are_asked_beside_the_network_without_being_told(self):
        self.picture_catalog()
        self.quiet("ingest", "shop", "pictures.csv")
        self.quiet("embed", "shop", "--model", PACKAGES / "image")
        self.quiet("build-index", "shop")
        alone = self.answers("--image", "b.png", "--explain")[0]["explain"]
        self.assertEqual(alone["preset"], "image")
        missing = self.answers("--image", "b.png", "--preset", "picture", "--explain")[0]["explain"]
        self.assertEqual([p["list"] for p in missing["lists"]], ["network"])
        self.quiet("embed", "shop", "--model", "builtin:colour")
        self.quiet("build-index", "shop")
        explained = self.answers("--image", "b.png", "--explain")[0]
        self.assertEqual((explained["item"], explained["explain"]["preset"]), ("b", "picture"))
        self.assertEqual([(p["list"], round(p["contribution"], 4)) for p in explained["explain"]["lists"]],
                         [("network", 1), ("colour", .5)])

    def test_every_fusion_is_the_sum_of_what_it_explains(self):
        self.shop()
        query = ["--text", "blue checks", "--image", "c.png", "--explain"]
        for preset in ["hybrid", "multimodal", "borda", "rrf", "wsum", "dbsf", "combsum", "combmnz"]:
            answers = self.answers(*query, "--preset", preset)
            self.assertEqual(len(answers), 4, preset)
            for answer in answers:
                parts = answer["explain"]["lists"]
                self.assertAlmostEqual(sum(p["contribution"] for p in parts), answer["score"], places=4)
                self.assertTrue(all(p["present"] == ("raw" in p) for p in parts))
            self.assertEqual(answers[0]["item"], "c", preset)

    def test_batch_takes_a_query_file_together(self):
        self.shop()
        # Both ask for the same words: with --batch their candidates say so.
        self.write("queries.csv", "id,title\nq1,blue checks\nq2,blue\nq3,red stripes\n")
        lines = self.quiet("query", "shop", "--queries", "queries.csv", "--batch", "--explain", "--format", "jsonl",
                           "--top", "2").stdout.splitlines()
        alone = self.quiet("query", "shop", "--queries", "queries.csv", "--explain", "--format", "jsonl", "--top",
                           "100").stdout.splitlines()
        plain = [{a["item"]: a["score"] for a in json.loads(line)["answers"]} for line in alone]
        for line, before in zip(map(json.loads, lines), plain):
            self.assertEqual(len(line["answers"]), 2)
            best = max(before.values())
            for answer in line["answers"]:
                asked = answer["explain"]["in_return"]
                self.assertAlmostEqual(asked["contribution"], 0.4 * best / asked["rank"], places=4)
                self.assertAlmostEqual(answer["score"], before[answer["item"]] + asked["contribution"], places=4)
                self.assertEqual(asked["rank"],
                                 1 + sum(other.get(answer["item"], -1) > before[answer["item"]] for other in plain))
        self.fails("query", "shop", "--text", "mug", "--batch", code=2, says=["--queries FILE"])
        self.fails("query", "shop", "--queries", "-", "--batch", code=2, says=["--queries FILE"])

    def test_a_picture_and_a_text_are_weighed(self):
        self.shop()
        query = ["--image", "a.png", "--text", "blue checks"]
        picture = self.items("--image", "a.png")
        text = self.items("--text", "blue checks")
        self.assertEqual(self.items(*query, "--image-weight", "1")[0], picture[0])
        self.assertEqual(self.items(*query, "--image-weight", "0"), text)
        self.assertEqual(self.items(*query, "--image-weight", "0")[0], "c")
        self.fails("query", "shop", *query, "--image-weight", "1.5", code=2)

    def test_a_text_is_compared_with_pictures_by_a_package_of_both_towers(self):
        two_towers(self.dir / "twin")
        self.picture_catalog()
        self.quiet("ingest", "shop", "pictures.csv")
        for space, source in [("res", "image"), ("clip", "image"), ("clip-text", "text")]:
            self.quiet("embed", "shop", "--model", "twin", "--source", source, "--space", space)
        self.quiet("build-index", "shop")
        self.write("cross.jsonc", '{"lists": [{"source": "image", "space": "clip", "query": "text"}]}')
        self.assertEqual(len(self.items("--text", "blue checks", "--preset", "cross.jsonc")), 4)
        explained = self.answers("--text", "blue checks", "--preset", "multimodal", "--explain")[0]["explain"]
        asked = {p["list"] for p in explained["lists"] if p["present"]}
        self.assertEqual(asked, {"res by text", "clip by text", "clip-text"})
        # three-stage: its gate looks at the picture against the texts.
        answers = self.answers("--image", "b.png", "--preset", "three-stage", "--explain")
        self.assertGreater(len(answers), 0)
        for answer in answers:
            self.assertEqual(answer["explain"]["gate"]["verdict"], "passed")
            self.assertGreaterEqual(answer["explain"]["gate"]["value"], 0.25)
        self.quiet("build-index", "shop", "--space", "clip", "--layout", "HNSW32")
        self.fails("query", "shop", "--image", "b.png", "--preset", "three-stage",
                   says=["clip", "--layout Flat"])

    def test_a_missing_list_is_named_with_the_command_that_makes_it(self):
        self.indexed_shop()
        self.fails("query", "shop", "--text", "mug", "--preset", "hybrid", code=2,
                   says=["lexical index of text", "--layout bm25"])
        self.fails("query", "shop", "--text", "mug", "--preset", "flat-ip", code=2, says=["head", "pmatch embed"])
        self.assertEqual(len(self.items("--text", "mug", "--preset", "rrf")), 6)

    def test_evaluate_takes_presets_too(self):
        self.shop()
        self.write("queries.csv", "id,title\nq1,blue checks\n")
        self.write("truth.csv", "query,item\nq1,c\n")
        done = self.quiet("evaluate", "shop", "--queries", "queries.csv", "--truth", "truth.csv", "--preset",
                          "borda", "--format", "json")
        self.assertEqual(json.loads(done.stdout)["metrics"]["hit@1"], 1)


class AroundTheList(CliTest):
    def items(self, *query):
        lines = self.quiet("query", "shop", *query, "--format", "tsv").stdout.splitlines()[1:]
        return [line.split("\t")[2] for line in lines]

    def test_where_chooses_the_items_before_the_search(self):
        self.indexed_shop()
        self.quiet("build-index", "shop", "--layout", "bm25")
        everything = self.items("--text", "mug", "--preset", "text")
        for preset in ["text", "hybrid"]:
            found = self.items("--text", "mug lamp", "--preset", preset, "--where", "price < 50", "--top", "3")
            self.assertEqual(sorted(found), ["l1", "m1", "m2"])
        self.assertEqual(sorted(self.items("--text", "mug", "--where", "price is null")), ["l2"])
        self.assertEqual(self.items("--text", "mug", "--preset", "text", "--where", "colour <> 'red'"),
                         [item for item in everything if item != "m1"])
        self.assertEqual(self.items("--text", "mug", "--where", "colour = 'pink'"), [])

    def test_a_bad_condition_lists_the_fields(self):
        self.indexed_shop()
        for condition in ["prize < 3", "colour = \"red\"", "1; drop table items", "row in (select row from pictures)"]:
            self.fails("query", "shop", "--text", "mug", "--where", condition, code=2,
                       says=["title (text), colour (text), price (number)"])

    def test_a_layout_that_cannot_filter_is_refused_by_name(self):
        self.write("catalog.csv", "id,title,n\n" + "".join(f"{i},Mug {i},{i}\n" for i in range(300)))
        self.quiet("ingest", "shop", "catalog.csv")
        self.quiet("embed", "shop", "--model", PACKAGES / "text")
        self.quiet("build-index", "shop", "--layout", "SQ8")
        self.fails("query", "shop", "--text", "mug", "--where", "n < 100", says=["SQ8", "--layout Flat"])

    def test_collapse_answers_the_best_of_each_group(self):
        rows = "".join(f"{i},Mug {i},{i % 3}\n" for i in range(60))
        self.write("catalog.csv", "id,title,model\n" + rows + "x,Mug,\ny,Mug,\n")
        self.quiet("ingest", "shop", "catalog.csv")
        self.quiet("embed", "shop", "--model", PACKAGES / "text")
        self.quiet("build-index", "shop")
        query = ["--text", "Mug 7 1", "--collapse", "model"]
        found = self.items(*query)
        self.assertEqual(len(found), 5)  # three models and two items without one
        models = {str(i): i % 3 for i in range(60)}
        everything = self.items("--text", "Mug 7 1", "--top", "100")
        best = []
        for item in everything:
            if item in "xy" or models[item] not in [models.get(b) for b in best]:
                best.append(item)
        self.assertEqual(found, best)
        self.fails("query", "shop", *query[:3], "maker", code=2, says=["maker", "title", "model"])

    def test_a_query_can_leave_its_own_item_out(self):
        self.indexed_shop()
        queries = ["--queries", "catalog.csv", "--top", "1"]
        self.assertEqual(self.items(*queries), ["m1", "m2", "s1", "s2", "l1", "l2"])
        others = self.items(*queries, "--exclude-self")
        self.assertTrue(all(a != b for a, b in zip(others, ["m1", "m2", "s1", "s2", "l1", "l2"])))
        self.assertEqual(len(self.items("--queries", "catalog.csv", "--exclude-self")), 30)

    def test_no_match_is_an_answer(self):
        self.indexed_shop()
        said = self.quiet("query", "shop", "--text", "zebra", "--min-score", "1.5").stdout
        self.assertIn("(no match)", said)
        self.assertEqual(len(self.items("--text", "Leather boot brown 129", "--min-score", "0.9999")), 1)

    def test_the_table_explains(self):
        self.indexed_shop()
        self.quiet("build-index", "shop", "--layout", "bm25")
        said = self.quiet("query", "shop", "--text", "mug", "--explain", "--top", "1").stdout
        self.assertRegex(said, r"text #\d \d\.\d+ -> \d\.\d+, \+\d\.\d+; bm25 #\d \d\.\d+ -> ")


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.pictures, self.words = [], [], []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        for name, value in attributes:
            if name == "src":
                self.pictures.append(value)

    def handle_data(self, data):
        self.words.append(data)


class Html(CliTest):
    def page(self, *query):
        page = Page()
        page.text = self.quiet("query", "shop", *query, "--format", "html").stdout
        page.feed(page.text)
        page.all_words = " ".join(page.words)
        return page

    def test_a_page_shows_query_and_answers_with_their_pictures(self):
        self.picture_catalog()
        self.quiet("ingest", "shop", "pictures.csv")
        self.quiet("embed", "shop", "--model", PACKAGES / "image")
        self.quiet("build-index", "shop")
        page = self.page("--image", "c.png", "--top", "2")
        self.assertEqual(len(page.pictures), 3)
        self.assertTrue(all(p.startswith("data:image/jpeg;base64,/9j/") for p in page.pictures))
        self.assertIn("blue checks", page.all_words)
        self.assertNotIn("script", page.tags)
        self.write("queries.csv", "id,image\nq1,a.png\nq2,nowhere.png\nq3,b.png\n")
        result = self.pmatch("query", "shop", "--queries", "queries.csv", "--format", "html", code=3)
        page = Page()
        page.feed(result.stdout)
        self.assertEqual(page.tags.count("section"), 3)
        self.assertIn("missing", " ".join(page.words))
        self.assertTrue(result.stdout.rstrip().endswith("</html>"))

    def test_large_pictures_are_shrunk(self):
        write_png(self.dir / "big.png", 800, 600, lambda x, y: ((x * 7) % 256, (y * 5) % 256, (x * y) % 256))
        self.write("catalog.csv", "id,title,image\na,big,big.png\n")
        self.quiet("ingest", "shop", "catalog.csv")
        self.quiet("embed", "shop", "--model", PACKAGES / "image")
        self.quiet("build-index", "shop")
        page = self.page("--image", "big.png")
        self.assertLess(max(map(len, page.pictures)), 60_000)

    def test_markup_in_a_catalog_or_query_is_text(self):
        self.write("catalog.csv", "id,title\n\"<b id='x'>\",\"<script>alert('1')</script> & \"\"mug\"\"\"\n")
        self.quiet("ingest", "shop", "catalog.csv")
        self.quiet("embed", "shop", "--model", PACKAGES / "text")
        self.quiet("build-index", "shop")
        page = self.page("--text", "</p><img src=http://x/>")
        self.assertNotIn("script", page.tags)
        self.assertEqual(page.pictures, [])
        self.assertIn("<script>alert('1')</script> & \"mug\"", page.all_words)
        self.assertIn("</p><img src=http://x/>", page.all_words)


if __name__ == "__main__":
    unittest.main()
