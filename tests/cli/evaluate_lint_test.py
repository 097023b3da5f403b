import json
import shutil
import unittest

from support import PACKAGES, CliTest


class Lint(CliTest):
    def warnings(self, *more, code=0):
        said = self.pmatch("evaluate", "shop", "--queries", "queries.csv", "--truth", "truth.csv",
                           "--at", "1,5", "--format", "json", *more, code=code)
        found = json.loads(said.stdout)["warnings"]
        for warning in found:
            self.assertIn(f"warning: {warning['name']}: ", said.stderr)
        return {warning["name"]: warning["text"] for warning in found}

    def clean(self):
        self.indexed_shop()
        self.write("queries.csv", "id,title,colour,price\nq1,A desk lamp,black,35.90\nq2,Running shoes,white,79\n")
        self.write("truth.csv", "query,item\nq1,l1\nq2,s1\n")

    def strict(self, name):
        said = self.fails("evaluate", "shop", "--queries", "queries.csv", "--truth", "truth.csv", "--at",
                          "1,5", "--strict", says=["--strict", name])
        self.assertEqual(said.stdout, "")

    def test_a_clean_protocol_is_silent_and_passes_strict(self):
        self.clean()
        self.assertEqual(self.warnings("--strict"), {})

    def test_ids_that_do_not_fit_together(self):
        self.clean()
        self.write("queries.csv", "id,title,colour,price\nq1,A desk lamp,black,35.90\nq2,Running shoes,white,79\n"
                   "q3,Umbrella,red,20\nq1,Mug,red,1\n")
        self.write("truth.csv", "query,item\nq1,l1\nq2,s1\nq2,gone\nq9,s1\n")
        found = self.warnings()
        self.assertEqual(set(found), {"queries-without-truth", "unknown-query", "unknown-item", "duplicate-ids"})
        self.assertIn("1 (q3)", found["queries-without-truth"])
        self.assertIn("1 (q9)", found["unknown-query"])
        self.assertIn("1 (gone)", found["unknown-item"])
        self.assertIn("1 (q1)", found["duplicate-ids"])
        self.strict("unknown-item")

    def test_from_standard_input_too(self):
        self.clean()
        text = "id,title,colour,price\nq1,A desk lamp,black,35.90\nq3,Umbrella,red,20\n"
        said = self.pmatch("evaluate", "shop", "--queries", "-", "--truth", "truth.csv", "--at", "1",
                           stdin=text)
        self.assertIn("warning: queries-without-truth: ", said.stderr)
        self.fails("evaluate", "shop", "--queries", "-", "--truth", "truth.csv", "--strict", stdin=text,
                   says=["queries-without-truth"])

    def test_the_same_text_in_both(self):
        self.clean()
        self.write("queries.csv", "id,title,colour,price\nq1,Desk lamp,black,35.90\nq2,Running shoes,white,79\n")
        self.assertIn("1 (q1)", self.warnings()["same-text"])

    def test_more_answers_than_items(self):
        self.clean()
        said = self.pmatch("evaluate", "shop", "--queries", "queries.csv", "--truth", "truth.csv")
        self.assertIn("warning: k-above-catalog: --at has 10, but the catalog has 6 items", said.stderr)

    def test_an_item_id_that_came_twice_in_the_catalog(self):
        self.write("catalog.csv", "id,title\na,Mug\nb,Lamp\na,Shoe\nc,Boot\nd,Hat\ne,Bag\n")
        self.pmatch("--quiet", "ingest", "shop", "catalog.csv", code=3)
        self.quiet("embed", "shop", "--model", PACKAGES / "text")
        self.quiet("build-index", "shop")
        self.write("queries.csv", "id,title\nq1,Mugs\n")
        self.write("truth.csv", "query,item\nq1,a\n")
        self.assertIn("1 (a)", self.warnings()["duplicate-ids"])

    def test_the_same_picture_in_both(self):
        self.picture_catalog()
        self.quiet("ingest", "shop", "pictures.csv", "--text", "title")
        self.quiet("embed", "shop", "--model", PACKAGES / "image")
        self.quiet("build-index", "shop")
        shutil.copy(self.dir / "a2.png", self.dir / "photo.png")
        self.write("queries.csv", "id,image\nq1,photo.png\n")
        self.write("truth.csv", "query,item\nq1,a\n")
        self.assertIn("1 (q1)", self.warnings()["same-picture"])

    def test_a_column_that_gives_the_answer_away(self):
        brands = ["Nordholm", "Acme"]
        self.write("catalog.csv", "id,title,brand,group\n" + "".join(
            f"i{n},Thing number {n},{brands[n % 2]},g{n * 7919}\n" for n in range(40)))
        self.write("queries.csv", "id,title,brand,group\n" + "".join(
            f"q{n},some thing {n},{brands[n % 2]},g{n * 7919}\n" for n in range(30)))
        self.write("truth.csv", "query,item\n" + "".join(f"q{n},i{n}\n" for n in range(30)))
        self.quiet("ingest", "shop", "catalog.csv")
        self.quiet("embed", "shop", "--model", PACKAGES / "text")
        self.quiet("build-index", "shop")
        found = self.warnings()
        self.assertEqual(set(found), {"leaking-column"})
        self.assertIn("column 'group' equals the true item's 'group' for 30 of 30", found["leaking-column"])
        self.assertEqual(self.warnings("--text", "title,brand"), {})

    def test_an_index_that_misses_what_exact_search_finds(self):
        self.write("catalog.csv", "id,title\n" + "".join(f"i{n},thing {n * n} of {n}\n" for n in range(600)))
        self.quiet("ingest", "shop", "catalog.csv")
        self.quiet("embed", "shop", "--model", PACKAGES / "text")
        self.quiet("build-index", "shop", "--layout", "IVF64,PQ4x4")
        self.write("queries.csv", "id,title\nq1,thing 4\n")
        self.write("truth.csv", "query,item\nq1,i2\n")
        self.assertIn("IVF64,PQ4x4", self.warnings()["index-recall"])


if __name__ == "__main__":
    unittest.main()
