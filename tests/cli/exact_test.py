"""The list of identifiers: built, asked, out of date, damaged."""

import json
import unittest

from support import CliTest

CATALOG = ("id,title,gtin,mpn\n"
           "a,Pencil,4006381333931,ST-12/B\n"
           "b,Pen,96385074,st12c\n"
           "c,Marker,4006381333932,\n"
           "d,Eraser,614141000036,ER 7\n"
           "e,Ruler,,n/a\n")


class Exact(CliTest):
    def setUp(self):
        super().setUp()
        self.write("catalog.csv", CATALOG)
        self.quiet("ingest", "shop", "catalog.csv", "--text", "title")

    def build(self, source="gtin,mpn"):
        return self.pmatch("build-index", "shop", "--layout", "exact", "--source", source)

    def items(self, *arguments):
        said = self.pmatch("query", "shop", "--format", "tsv", *arguments)
        return [line.split("\t")[2] for line in said.stdout.splitlines()[1:]]

    def test_it_is_built_and_listed_and_a_second_time_up_to_date(self):
        said = self.build().stderr
        self.assertIn("6 identifiers in gtin,mpn", said)
        self.assertIn("1 cells with a wrong check digit are left out", said)
        self.assertIn("up to date", self.build().stderr)
        self.assertRegex(self.quiet("status", "shop").stdout, "identifiers  6 in gtin, mpn, up to date")
        self.assertIn("identifiers", self.quiet("doctor", "shop").stdout)

    def test_a_text_that_is_an_identifier_finds_its_item(self):
        self.build()
        for text, item in [("4006381333931", "a"), ("04006381333931", "a"), ("0000096385074", "b"),
                           ("ST 12-B", "a"), ("er7", "d")]:
            self.assertEqual(self.items("--text", text, "--preset", "exact"), [item], text)
        self.assertEqual(self.items("--text", "4006381333932", "--preset", "exact"), [])

    def test_its_hits_come_first_whatever_the_texts_say(self):
        self.quiet("build-index", "shop", "--layout", "bm25")
        self.build()
        self.write("queries.csv", "id,title,gtin,mpn\n1,Pen,0614141000036,\n2,Pen,,ST12B\n3,Pen,,\n4,,96385074,\n")
        said = self.pmatch("query", "shop", "--queries", "queries.csv", "--format", "tsv", "--min-score", "0.01")
        lines = [line.split("\t") for line in said.stdout.splitlines()[1:]]
        first = {query: item for query, rank, item, score in lines if rank == "1"}
        self.assertEqual(first, {"1": "d", "2": "a", "3": "b", "4": "b"})
        self.assertEqual([line[2] for line in lines if line[0] == "1"], ["d", "b"])
        scores = [float(line[3]) for line in lines if line[0] == "1"]
        self.assertGreater(scores[0], scores[1])
        said = self.quiet("query", "shop", "--text", "er7", "--explain", "--format", "table").stdout
        self.assertIn("shares an identifier", " ".join(said.split()))

    def test_columns_under_the_names_of_another_shop_ask_too(self):
        self.build()
        self.write("rival.csv", "id,title,EAN-13,Model No.\n1,x,4006381333931,\n2,x,,er7\n3,x,4006381333932,\n"
                   "4,x,0000096385074|x,none\n")
        said = self.pmatch("query", "shop", "--queries", "rival.csv", "--format", "tsv", "--preset", "exact", code=3)
        self.assertEqual([line.split("\t")[::2][:2] for line in said.stdout.splitlines()[1:]],
                         [["1", "a"], ["2", "d"], ["4", "b"]])
        self.assertIn("query 3", said.stderr)

    def test_where_holds_for_it_too(self):
        self.quiet("build-index", "shop", "--layout", "bm25")
        self.build()
        self.assertEqual(self.items("--text", "4006381333931", "--where", "title <> 'Pencil'"), [])

    def test_match_takes_it_first(self):
        self.quiet("build-index", "shop", "--layout", "bm25")
        self.build()
        self.write("rival.csv", "id,title,gtin,mpn\nx,Pen,4006381333931,\ny,Marker,,\n")
        said = self.quiet("match", "shop", "rival.csv", "--preset", "lexical", "--mode", "best",
                          "--format", "csv").stdout
        self.assertIn("x,a,", said.replace("a,x,", "x,a,"))
        self.assertIn("y,c,", said.replace("c,y,", "y,c,"))

    def test_a_list_that_is_out_of_date_is_made_for_the_run(self):
        self.build()
        self.write("newer.csv", CATALOG + "f,Stapler,10614141000415,\n")
        self.quiet("ingest", "shop", "newer.csv", "--text", "title")
        said = self.pmatch("query", "shop", "--text", "10614141000415", "--preset", "exact", "--format", "tsv")
        self.assertIn("\tf\t", said.stdout)
        self.assertIn("build-index", said.stderr)
        self.assertIn("out of date", self.quiet("status", "shop").stdout)
        self.build()
        self.assertIn("up to date", self.quiet("status", "shop").stdout)

    def test_other_cells_may_change_without_it(self):
        self.build()
        self.write("newer.csv", CATALOG.replace("Pencil", "Red pencil"))
        self.quiet("ingest", "shop", "newer.csv", "--text", "title")
        self.assertIn("up to date", self.quiet("status", "shop").stdout)

    def test_damage_is_refused_by_name_and_mended(self):
        self.build()
        file = self.dir / "shop/indexes/identifiers.exact"
        whole = file.read_bytes()
        file.write_bytes(whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:])
        self.fails("query", "shop", "--text", "4006381333931", "--preset", "exact",
                   says=["identifiers.exact", "pmatch doctor shop --repair"])
        self.pmatch("doctor", "shop", code=1)
        self.pmatch("doctor", "shop", "--repair")
        self.assertEqual(file.read_bytes(), whole)

    def test_wrong_flags_are_usage_errors(self):
        self.fails("build-index", "shop", "--layout", "exact", code=2, says=["--source gtin,mpn"])
        self.fails("build-index", "shop", "--layout", "exact", "--source", "gtim", code=2, says=["gtim", "gtin"])
        self.fails("build-index", "shop", "--layout", "exact", "--source", "gtin,gtin", code=2, says=["twice"])
        self.fails("build-index", "shop", "--layout", "exact", "--source", "gtin", "--k1", "1", code=2, says=["--k1"])
        self.write("bare.csv", "id,title,code\n1,Mug,x\n")
        self.quiet("ingest", "bare", "bare.csv")
        self.fails("build-index", "bare", "--layout", "exact", "--source", "code", says=["no item has an identifier"])

    def test_a_preset_file_may_want_it(self):
        self.quiet("build-index", "shop", "--layout", "bm25")
        self.build()
        self.write("mine.jsonc", json.dumps({"exact": True, "lists": [{"source": "text", "kind": "bm25"}]}))
        self.assertEqual(self.items("--text", "er7", "--preset", "./mine.jsonc"), ["d"])
        self.write("plain.jsonc", json.dumps({"lists": [{"source": "text", "kind": "bm25"}]}))
        self.assertEqual(self.items("--text", "er7", "--preset", "./plain.jsonc"), [])
        self.write("list.jsonc", json.dumps({"lists": [{"source": "mpn", "kind": "exact"}]}))
        self.assertEqual(self.items("--text", "er7", "--preset", "./list.jsonc"), ["d"])


if __name__ == "__main__":
    unittest.main()
