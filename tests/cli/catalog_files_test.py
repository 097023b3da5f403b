"""Catalogs, query and truth files as people have them, through the program."""
import json
import sqlite3
import unittest

from support import CliTest


class CatalogFiles(CliTest):
    def items(self, columns="id, text"):
        database = sqlite3.connect(self.dir / "shop" / "items.sqlite")
        return database.execute(f"SELECT {columns} FROM items ORDER BY row").fetchall()

    def test_extensions_in_capitals_are_the_same_everywhere(self):
        self.text_catalog().rename(self.dir / "CATALOG.CSV")
        self.quiet("ingest", "shop", "CATALOG.CSV")
        self.write("MONDAY.CSV", "id,title\nm1,Mug\n")
        self.fails("ingest", "shop", "MONDAY.CSV", "--mode", "upsert", says=["lacks columns", "colour, price"])
        self.write("MONDAY.JSONL", '{"id": "m1", "title": "Mug"}\n')
        self.quiet("ingest", "shop", "MONDAY.JSONL", "--mode", "upsert")
        self.quiet("build-index", "shop", "--layout", "bm25")
        self.write("QUERIES.CSV", "id,title\nq1,boot\n")
        for name, text in [("TRUTH.TSV", "query\titem\tnote\nq1\ts2\tx\n"), ("TRUTH.CSV", "query,item,x,y\nq1,s2,1,2\n"),
                           ("TRUTH.QRELS", "q1 0 s2 1\n")]:
            self.write(name, text)
            done = self.quiet("evaluate", "shop", "--queries", "QUERIES.CSV", "--truth", name, "--preset", "lexical",
                              "--format", "json", "--per-query", "EACH.CSV")
            self.assertEqual(json.loads(done.stdout)["metrics"]["hit@1"], 1)

    def test_separator_encoding_and_quotes_can_be_named(self):
        self.write("list.txt", "id;title\n1;größer \"A\"\n2;\"klein\n".encode("windows-1252"))
        self.fails("ingest", "shop", "list.txt", says=["'.txt'", "--delimiter"])
        self.fails("ingest", "shop", "list.txt", "--delimiter", ";", says=["invalid_utf8", "--encoding windows-1252"])
        flags = ["--delimiter", ";", "--encoding", "windows-1252", "--quotes", "literal"]
        self.quiet("ingest", "shop", "list.txt", *flags)
        self.assertEqual(self.items(), [("1", 'größer "A"'), ("2", '"klein')])
        self.quiet("build-index", "shop", "--layout", "bm25")
        typed = (self.dir / "list.txt").read_text(encoding="windows-1252")
        for more in [["list.txt", *flags], ["-", "--delimiter", ";", "--quotes", "literal"]]:
            done = self.quiet("query", "shop", "--preset", "lexical", "--format", "tsv", "--queries", *more, stdin=typed)
            self.assertEqual([line.split("\t")[2] for line in done.stdout.splitlines()[1:]], ["1", "2"])
        for flag, value in [("--delimiter", ";;"), ("--delimiter", '"'), ("--quotes", "none"), ("--encoding", "latin-900")]:
            self.fails("ingest", "other", "list.txt", "--delimiter", ";", flag, value, code=2, says=[flag])

    def test_a_file_with_another_separator_or_encoding_is_told_how_it_is_read(self):
        self.write("catalog.csv", "id;title\n1;Mug\n")
        self.fails("ingest", "shop", "catalog.csv", says=["--delimiter ';'"])
        self.write("catalog.csv", "id,größe\n1,x\n".encode("latin-1"))
        self.fails("ingest", "shop", "catalog.csv", says=["not UTF-8", "--encoding"])
        for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
            self.write("catalog.csv", "id,title\n1,Mug\n".encode(encoding))
            self.fails("ingest", "shop", "catalog.csv", says=[encoding[:6].upper(), "iconv -f", "catalog.csv"])
            self.assertFalse((self.dir / "shop").exists())
        self.quiet("ingest", "shop", "catalog.csv", "--encoding", "UTF-32")
        self.assertEqual(self.items(), [("1", "Mug")])

    def test_headers_of_spreadsheets_are_read_and_remarked_upon(self):
        self.write("catalog.csv", ",ID , title,image,image,\n0,1,Mug,,,\n1,2,Jug,,,\n,,,,,\n")
        said = self.pmatch("ingest", "shop", "catalog.csv", code=3).stderr
        self.assertIn("'column_1', 'column_6'", said)
        self.assertIn("'image_2'", said)
        self.assertIn("1 row (empty_id 1) skipped", said)
        self.assertEqual(self.items("id, title"), [("1", "Mug"), ("2", "Jug")])
        self.assertEqual(self.manifest()["items"]["mapping"]["id"], "ID")

    def test_a_header_that_comes_again_is_told_and_no_item(self):
        self.write("catalog.csv", "id,title,price\n1,Mug,3\nid,title,price\n2,Jug,4\n")
        said = self.pmatch("ingest", "shop", "catalog.csv").stderr
        self.assertIn("line 3 is the header again", said)
        self.assertEqual(self.items("id, price"), [("1", 3.0), ("2", 4.0)])

    def test_a_quote_that_is_never_closed_is_told_by_its_lines(self):
        rows = "".join(f"{n},lamp {n}\n" for n in range(1000, 2500))
        self.write("catalog.csv", "id,title\n1,mug\n2,jug\n" + rows + '3,"12 inch\n' + rows)
        said = self.pmatch("ingest", "shop", "catalog.csv", code=3).stderr
        self.assertIn("the quote of line 1504 is still open at the end; lines 1504 to 3004 are lost with it", said)
        self.assertIn("1,501 rows (bad_quotes 1,501) skipped", said)
        self.write("catalog.csv", 'id,title\n1,mug\n3,"12 inch\n' + rows)
        self.fails("ingest", "shop", "catalog.csv", says=["1,501 of 1,502 rows", "pmatch ledger shop", "as it was"])
        self.assertEqual(len(self.items()), 1502)
        self.assertIn("ingest, refused", {row["stage"] for row in self.ledger()})
        self.fails("ingest", "fresh", "catalog.csv", says=["1,501 of 1,502 rows", "pmatch ledger fresh"])
        self.assertEqual([row["code"] for row in self.ledger("fresh")], ["bad_quotes"])
        self.pmatch("ingest", "shop", "catalog.csv", "--max-loss", "1", code=3)
        self.assertEqual(self.items("id"), [("1",)])

    def test_other_files_are_named_and_what_to_do_with_them(self):
        for name, start, says in [("c.csv", b"PK\3\4\0\0", "Excel"), ("c.tsv", b"PAR1\0", "Parquet"),
                                  ("c.csv.gz", b"", "gunzip"), ("c.csv", b"\x1f\x8b\x08", "gunzip"),
                                  ("c.csv", b"<!DOCTYPE HTML>", "web page"), ("c.csv", b"\xff\xd8\xff\xe0", "no text"),
                                  ("c.csv", b"\0" * 500, "no text")]:
            self.write(name, start)
            self.fails("ingest", "shop", name, says=[says, name])


if __name__ == "__main__":
    unittest.main()
