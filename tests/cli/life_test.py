"""A catalog's life: newer catalogs, upserts, deletions, and answers that are never stale."""
import fcntl
import json
import os
import random
import subprocess
import unittest

from support import BINARY, PACKAGES, CliTest


class Life(CliTest):
    def answers(self, text, *more, collection="shop"):
        lines = self.quiet("query", collection, "--text", text, "--format", "tsv", *more).stdout
        return [tuple(line.split("\t")[2:]) for line in lines.splitlines()[1:]]

    def items(self, text, *more):
        return [item for item, score in self.answers(text, *more)]

    def lexical_shop(self):
        self.indexed_shop()
        self.quiet("build-index", "shop", "--layout", "bm25")

    def test_an_upsert_is_found_once_it_is_embedded_and_before_the_index_is_built(self):
        self.indexed_shop()
        self.write("monday.csv", "id,title,colour,price\nn1,Enamel bowl,green,7\nl1,Desk light,black,30\n")
        said = self.pmatch("ingest", "shop", "monday.csv", "--mode", "upsert").stderr
        self.assertIn("1 added, 1 changed, 0 removed, 5 unchanged", said)
        self.assertNotIn("l1", self.items("Desk lamp black 35.90"))
        said = self.pmatch("embed", "shop", "--model", PACKAGES / "text").stderr
        self.assertIn("2 vectors", said)
        self.assertEqual(self.answers("Enamel bowl green 7")[0], ("n1", "1.000000"))
        said = self.pmatch("query", "shop", "--text", "bowl").stderr
        self.assertIn("2 vectors are compared beside it, 1 of its own are left out", said)
        self.assertIn("pmatch build-index", said)
        before = self.answers("Desk light black 30")
        said = self.pmatch("build-index", "shop").stderr
        self.assertIn("rebuilt because 1 of its vectors are dead", said)
        self.assertEqual(self.answers("Desk light black 30"), before)
        self.assertNotIn("compared beside", self.pmatch("query", "shop", "--text", "bowl").stderr)

    def test_an_index_that_only_grows_is_extended(self):
        self.indexed_shop()
        self.write("more.csv", "id,title,colour,price\nn1,Enamel bowl,green,7\n")
        self.quiet("ingest", "shop", "more.csv", "--mode", "upsert")
        self.quiet("embed", "shop", "--model", PACKAGES / "text")
        self.assertIn("extended by 1", self.pmatch("build-index", "shop").stderr)
        self.assertEqual(self.items("Enamel bowl green 7", "--top", "1"), ["n1"])

    def test_what_is_deleted_is_never_answered_again(self):
        self.lexical_shop()
        said = self.pmatch("ingest", "shop", "--delete", "m1,l2").stderr
        self.assertIn("0 added, 0 changed, 2 removed, 4 unchanged", said)
        for preset in ["text", "lexical", "hybrid"]:
            found = self.items("Stoneware mug white lamp", "--preset", preset)
            self.assertIn("m2", found)
            self.assertFalse({"m1", "l2"} & set(found))
        self.write("gone.txt", "s1\r\n\nnobody\n")
        said = self.pmatch("ingest", "shop", "--delete", "@gone.txt").stderr
        self.assertIn("1 of 2 ids are not in the collection, the first is nobody", said)
        self.assertNotIn("s1", self.items("Running shoe white 79"))
        self.fails("ingest", "shop", "--delete", "@nowhere.txt", says=["nowhere.txt", "--delete"])
        self.fails("ingest", "shop", code=2, says=["SOURCE", "--delete"])
        self.fails("ingest", "new", "--delete", "m1", says=["not a collection"])

    def test_a_lexical_query_after_a_change_answers_as_a_fresh_index_would(self):
        self.lexical_shop()
        self.write("newer.csv", "id,title,colour,price\nm1,Stoneware mug,red,9.50\n"
                   "m2,Stoneware jug with lid,blue,12.00\nx1,Mug rack,white,3\n")
        self.quiet("ingest", "shop", "newer.csv", "--max-loss", "1")
        stale = self.answers("stoneware mug with lid", "--preset", "lexical")
        said = self.pmatch("query", "shop", "--text", "mug", "--preset", "lexical").stderr
        self.assertIn("one was made for this run", said)
        self.assertIn("--layout bm25 --source text --analyser words", said)
        self.quiet("build-index", "shop", "--layout", "bm25")
        self.assertEqual(self.answers("stoneware mug with lid", "--preset", "lexical"), stale)
        self.assertEqual({item for item, score in stale}, {"m1", "m2", "x1"})

    def test_an_upsert_keeps_the_columns_of_the_collection(self):
        self.text_catalog()
        self.quiet("ingest", "shop", "catalog.csv", "--text", "colour,title")
        self.write("more.jsonl", '{"id": "n1", "title": "Bowl", "colour": "green"}\n')
        self.quiet("ingest", "shop", "more.jsonl", "--mode", "upsert")
        import sqlite3
        database = sqlite3.connect(self.dir / "shop" / "items.sqlite")
        self.assertEqual(database.execute("SELECT text FROM items WHERE id = 'n1'").fetchone(),
                         ("green Bowl",))
        self.fails("ingest", "shop", "more.jsonl", "--mode", "upsert", "--text", "title", code=2,
                   says=["--text is colour,title", "--mode replace"])
        self.write("short.csv", "id,title\nn2,Vase\n")
        self.fails("ingest", "shop", "short.csv", "--mode", "upsert",
                   says=["lacks columns of the collection: colour, price", "--mode replace"])

    def test_compact_keeps_the_answers_and_says_what_it_dropped(self):
        self.indexed_shop()
        self.write("monday.csv", "id,title,colour,price\nl1,Desk light,black,30\n")
        self.quiet("ingest", "shop", "monday.csv", "--mode", "upsert", "--delete", "s1")
        self.quiet("embed", "shop", "--model", PACKAGES / "text")
        before = self.answers("mug")
        self.write("tuesday.csv", "id,title,colour,price\nl1,Desk lights,black,30\n")
        self.quiet("ingest", "shop", "tuesday.csv", "--mode", "upsert")
        said = self.pmatch("compact", "shop").stderr
        self.assertIn("compact space text: 1 parts became 1", said)
        self.assertIn("dead rows dropped", said)
        self.assertEqual(self.answers("mug"), [a for a in before if a[0] != "l1"])
        self.assertIn("nothing to do", self.pmatch("compact", "shop").stderr)
        self.fails("compact", "nowhere", says=["not a collection"])
        self.fails("compact", code=2)
        self.assertIn("pmatch compact shop", self.pmatch("compact", "--help").stdout)

    def test_a_writer_waits_when_it_may(self):
        self.text_catalog()
        self.quiet("ingest", "shop", "catalog.csv")
        with open(self.dir / "shop" / "collection.lock", "r+") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            held.write(f"{os.getpid()}\n")
            held.flush()
            self.fails("ingest", "shop", "catalog.csv",
                       says=[f"process {os.getpid()} is writing", "--wait SECONDS"])
            waiting = subprocess.Popen([BINARY, "--quiet", "ingest", "shop", "catalog.csv",
                                        "--wait", "60"], cwd=self.dir)
            self.assertRaises(subprocess.TimeoutExpired, waiting.wait, 0.5)
            self.quiet("status", "shop")
        self.assertEqual(waiting.wait(60), 0)

    def test_a_history_of_edits_answers_as_a_fresh_collection(self):
        """Text vectors and BM25, through the command line; tests/data has the longer ones."""
        choice = random.Random(8)
        words = "mug lamp shoe boot red blue steel oak small large with lid".split()
        items = {f"i{n}": " ".join(choice.choices(words, k=4)) for n in range(12)}

        def catalog(name, ids):
            ids = list(ids)
            choice.shuffle(ids)
            self.write(name, "id,title\n" + "".join(f"{i},{items[i]}\n" for i in ids))

        catalog("all.csv", items)
        self.quiet("ingest", "shop", "all.csv")
        self.quiet("embed", "shop", "--model", PACKAGES / "text")
        self.quiet("build-index", "shop")
        self.quiet("build-index", "shop", "--layout", "bm25")
        for step in range(10):
            gone = choice.choice(sorted(items))
            del items[gone]
            changed = choice.sample(sorted(items), 2) + [f"n{step}"]
            for item in changed:
                items[item] = " ".join(choice.choices(words, k=4))
            if step % 2:
                catalog("all.csv", items)
                self.quiet("ingest", "shop", "all.csv")
            else:
                catalog("some.csv", changed)
                self.quiet("ingest", "shop", "some.csv", "--mode", "upsert", "--delete", gone)
        self.quiet("embed", "shop", "--model", PACKAGES / "text")
        catalog("last.csv", items)
        self.quiet("ingest", "fresh", "last.csv")
        self.quiet("embed", "fresh", "--model", PACKAGES / "text")
        self.quiet("build-index", "fresh")
        self.quiet("build-index", "fresh", "--layout", "bm25")
        for built in [False, True]:
            for preset in ["lexical", "text"]:
                for query in ["small red mug", "oak lamp with lid"]:
                    old = self.answers(query, "--preset", preset)
                    new = self.answers(query, "--preset", preset, collection="fresh")
                    self.assertEqual({item for item, score in old}, {item for item, score in new})
                    for (a, s), (b, t) in zip(old, new):
                        self.assertAlmostEqual(float(s), float(t), delta=1e-5)
                        self.assertTrue(a == b or sum(abs(float(x) - float(s)) < 1e-5
                                                      for i, x in new) > 1)
            if not built:
                self.quiet("build-index", "shop")
                self.quiet("build-index", "shop", "--layout", "bm25")
                self.quiet("compact", "shop")

    def test_a_catalog_whose_texts_are_all_gone_gives_no_lexical_answer(self):
        self.write("a.csv", "id,title,note\n1,Mug,old\n2,Lamp,new\n")
        self.quiet("ingest", "shop", "a.csv")
        self.quiet("build-index", "shop", "--layout", "bm25", "--source", "note")
        self.write("b.csv", "id,title,note\n1,Mug,\n2,Lamp,\n")
        self.quiet("ingest", "shop", "b.csv", "--max-loss", "1")
        self.assertEqual(self.answers("old", "--preset", "note.words"), [])


if __name__ == "__main__":
    unittest.main()
