"""`pmatch tune` through the real binary, on small worlds whose best recipe is known."""
import csv
import io
import json
import random
import unittest

from support import PACKAGES, CliTest


def rows(header, lines):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header, *lines])
    return out.getvalue()


def words(rng, count):
    return " ".join("".join(rng.choice("bdfgklmnprst") + rng.choice("aeiou") for _ in range(3)) for _ in range(count))


class TuneTest(CliTest):
    def world(self, told=.8, count=120, seed=1):
        """Titles tell which item a query means, for the share `told` of the queries; descriptions do not. Every item
        has one query, but for some pairs of queries that share one."""
        rng = random.Random(seed)
        items = [[f"i{n}", words(rng, 4), words(rng, 3)] for n in range(count)]
        queries, truth = [], []
        for n, (item, title, _) in enumerate(items):
            for again in range(2 if n % 10 == 0 else 1):
                shown = " ".join(title.split()[:3]) if rng.random() < told else rng.choice(items)[1]
                queries.append([f"q{n}-{again}", shown, rng.choice(items)[2]])
                truth.append([queries[-1][0], item])
        self.write("catalog.csv", rows(["id", "title", "description"], items))
        self.write("queries.csv", rows(["id", "title", "description"], queries))
        self.write("truth.csv", rows(["query", "item"], truth))
        self.quiet("ingest", "shop", "catalog.csv")
        for source in ("title", "description", "text"):
            self.quiet("build-index", "shop", "--layout", "bm25", "--source", source)

    def tune(self, *arguments, recipes=60):
        done = self.quiet("tune", "shop", "--queries", "queries.csv", "--truth", "truth.csv", "--format", "json",
                          "--recipes", recipes, "--out", "best.jsonc", *arguments)
        return json.loads(done.stdout)

    def evaluate(self, preset, *arguments):
        done = self.quiet("evaluate", "shop", "--queries", "queries.csv", "--truth", "truth.csv", "--format", "json",
                          "--bootstrap", 0, "--preset", preset, *arguments)
        return json.loads(done.stdout)["metrics"]

    def test_a_clearly_better_list_is_found_and_its_figure_is_that_of_evaluate(self):
        self.world()
        report = self.tune("--preset", "description.words")
        self.assertTrue(report["gain"])
        self.assertLess(report["held_out"]["p"], .01)
        self.assertGreater(report["held_out"]["gain"]["mean"], .5)
        self.assertEqual(report["labelled"], 132)
        self.assertEqual(report["groups"], 120)
        for split in report["splits"]:
            self.assertIn("title", split["chosen"] + "title" * ("matcher" in split["chosen"]))
        self.assertEqual(self.evaluate("./best.jsonc")["recall@1"], report["all"]["chosen"])
        self.assertEqual(self.evaluate("description.words")["recall@1"], report["all"]["start"])
        text = (self.dir / "best.jsonc").read_text()
        self.assertTrue(text.startswith("// Chosen by `pmatch tune shop --queries queries.csv --truth truth.csv`."))
        answers = self.quiet("query", "shop", "--preset", "./best.jsonc", "--queries", "queries.csv", "--format", "tsv")
        self.assertIn("q1-0\t1\ti1\t", answers.stdout)

    def test_a_world_of_noise_is_no_gain_and_the_start_is_written(self):
        self.world(told=0, count=60)
        report = self.tune("--preset", "title.words")
        self.assertFalse(report["gain"])
        self.assertIn("no recipe is better than preset title.words by more than chance", report["verdict"])
        self.assertEqual(self.evaluate("./best.jsonc"), self.evaluate("title.words"))
        table = self.pmatch("tune", "shop", "--queries", "queries.csv", "--truth", "truth.csv", "--preset",
                            "title.words", "--recipes", 20, "--no-bm25", "--out", "best.jsonc")
        self.assertIn("no recipe is better than preset title.words", table.stdout)
        self.assertNotIn("better than preset title.words (held out", table.stdout)

    def test_equal_seeds_give_equal_bytes_on_any_number_of_threads(self):
        self.world(told=.5, count=60)
        outputs = set()
        for threads in (1, 2, 2):
            done = self.quiet("--threads", threads, "tune", "shop", "--queries", "queries.csv", "--truth", "truth.csv",
                              "--preset", "text.words", "--recipes", 40, "--out", "best.jsonc")
            outputs.add((done.stdout, (self.dir / "best.jsonc").read_text()))
        self.assertEqual(len(outputs), 1)
        other = self.tune("--preset", "text.words", "--seed", 2)
        self.assertNotEqual(other["splits"], self.tune("--preset", "text.words")["splits"])

    def test_with_batch_the_figure_is_that_of_evaluate_with_batch(self):
        self.world(told=.6)
        report = self.tune("--preset", "description.words", "--batch", "--metric", "mrr")
        self.assertTrue(report["gain"])
        self.assertEqual(self.evaluate("./best.jsonc", "--batch")["mrr"], report["all"]["chosen"])
        self.assertEqual(self.evaluate("description.words", "--batch")["mrr"], report["all"]["start"])

    def test_the_matcher_is_adapted_and_its_figure_is_that_of_evaluate(self):
        self.world(told=.6)
        for batch in ([], ["--batch"]):
            report = self.tune("--preset", "matcher", *batch, recipes=3)
            self.assertEqual(self.evaluate("matcher", *batch)["recall@1"], report["all"]["start"])
            self.assertEqual(self.evaluate("./best.jsonc", *batch)["recall@1"],
                             report["all"]["chosen" if report["gain"] else "start"])

    def test_three_stages_are_tuned_around_those_of_the_start(self):
        self.world(told=.7, count=60)
        for source in ("title", "description"):
            self.quiet("embed", "shop", "--model", PACKAGES / "text", "--source", source, "--space", source)
        self.quiet("build-index", "shop", "--layout", "Flat")
        self.write("staged.jsonc", json.dumps({
            "description": "the wrong list decides",
            "lists": [{"name": n, "source": n, "space": n, "exact": True} for n in ("title", "description")],
            "fuse": {"method": "three-stage", "keep": {"weights": {"description": 1}, "best": 30},
                     "gate": {"list": "description", "mode": "minmax", "at_least": .1},
                     "order": {"weights": {"description": 1}}}}))
        report = self.tune("--preset", "./staged.jsonc")
        self.assertTrue(report["gain"])
        self.assertEqual(self.evaluate("./staged.jsonc")["recall@1"], report["all"]["start"])
        self.assertEqual(self.evaluate("./best.jsonc")["recall@1"], report["all"]["chosen"])

    def test_a_threshold_is_learned_from_first_answers(self):
        self.world(told=.95)
        titles = [row["title"] for row in csv.DictReader((self.dir / "catalog.csv").read_text().splitlines())]
        with (self.dir / "queries.csv").open("a") as file:  # queries that are judged to have no item
            file.writelines(f"none{n},{words(random.Random(n), 3)} {titles[n].split()[0]},\n" for n in range(40))
        with (self.dir / "truth.csv").open("a") as file:
            file.writelines(f"none{n},\n" for n in range(40))
        report = self.tune("--preset", "title.words", "--threshold", "precision=.8")
        self.assertEqual(report["threshold"]["wanted"], "precision 0.8")
        self.assertGreater(report["threshold"]["precision"]["mean"], .75)
        text = (self.dir / "best.jsonc").read_text()
        self.assertIn(f'"min_score": {report["threshold"]["min_score"]}', text)
        self.fails("tune", "shop", "--queries", "queries.csv", "--truth", "truth.csv", "--out", "x.jsonc",
                   says=["line", "fix:"])  # without --threshold an empty item says nothing

    def test_the_odds_learn_from_queries_without_an_item(self):
        self.world(told=1)
        rng = random.Random(5)
        titles = [row["title"] for row in csv.DictReader((self.dir / "catalog.csv").read_text().splitlines())]
        with (self.dir / "queries.csv").open("a") as file:
            for n, title in enumerate(titles[:60]):  # half of some item's title
                file.write(f"none{n},{' '.join(title.split()[:2])} {words(rng, 1)},{words(rng, 3)}\n")
        with (self.dir / "truth.csv").open("a") as file:
            file.writelines(f"none{n},\n" for n in range(60))
        sure = {"lists": [{"name": "words", "source": "text", "kind": "bm25", "analyser": "words"}],
                "rescore": {"title": ["title"], "alone": [{"feature": "text.idf.jaccard", "weight": 9}],
                            "batch": [{"feature": "score", "weight": 1}],
                            "odds": [{"feature": "text.idf.jaccard", "mean": .5, "scale": .1, "weight": 0},
                                     {"feature": "title_in_text.idf.query", "mean": .5, "scale": .1, "weight": 0},
                                     {"feature": "bias", "weight": 5}]}}
        self.write("sure.jsonc", json.dumps(sure))
        self.assertEqual(self.matched("./sure.jsonc")[1], 60)
        self.tune("--preset", "./sure.jsonc", "--batch", "--threshold", "f1", recipes=3)
        right, strangers = self.matched("./best.jsonc")
        self.assertGreater(right, 120)  # of 132
        self.assertLess(strangers, 5)

    def matched(self, preset):
        """True pairs that are more likely than not, and queries without an item that got one."""
        out = self.quiet("match", "shop", "queries.csv", "--preset", preset, "--batch", "--threshold", 0).stdout
        answers = {row["query"]: row["item"] for row in csv.DictReader(out.splitlines())}
        truth = {row["query"]: row["item"] for row in csv.DictReader((self.dir / "truth.csv").read_text().splitlines())}
        return (sum(truth[query] == item for query, item in answers.items()),
                sum(query.startswith("none") for query in answers))

    def test_a_better_b_of_bm25_is_found_and_its_command_given(self):
        rng = random.Random(3)
        items, queries, truth = [], [], []
        for n in range(80):
            a, b, c = words(rng, 3).split()
            items += [[f"long{n}", f"{a} {b} {c} {words(rng, 60)}"], [f"short{n}", f"{a} {b}"]]
            queries.append([f"q{n}", f"{a} {b} {c}"])
            truth.append([f"q{n}", f"long{n}"])
        self.write("catalog.csv", rows(["id", "title"], items))
        self.write("queries.csv", rows(["id", "title"], queries))
        self.write("truth.csv", rows(["query", "item"], truth))
        self.quiet("ingest", "shop", "catalog.csv")
        self.quiet("build-index", "shop", "--layout", "bm25", "--b", "0.95")
        report = self.tune("--preset", "text.words")
        found, = report["bm25"]
        self.assertTrue(found["held_out"]["is_gain"])
        self.assertEqual(found["now"], {"k1": 1.2, "b": .95})
        self.assertLess(found["chosen"]["b"], .5)
        before = self.evaluate("text.words")["recall@1"]
        self.quiet(*found["command"].split()[1:])
        self.assertGreater(self.evaluate("text.words")["recall@1"], before + .5)
        self.assertEqual(self.tune("--preset", "text.words", "--no-bm25")["bm25"], [])

    def test_queries_that_the_start_cannot_answer_are_counted(self):
        self.world(count=30)
        queries = list(csv.reader(io.StringIO((self.dir / "queries.csv").read_text())))
        for row in queries[1:6]:
            row[1] = row[2] = ""
        self.write("queries.csv", rows(queries[0], queries[1:]))
        command = ["tune", "shop", "--queries", "queries.csv", "--truth", "truth.csv", "--recipes", 20, "--out", "b.jsonc"]
        said = self.pmatch(*command, "--preset", "title.words").stderr
        self.assertIn("5 of 33 labelled queries have nothing that preset title.words compares", said)

    def test_what_is_wrong_is_said(self):
        self.world(count=30)
        common = ["tune", "shop", "--queries", "queries.csv", "--truth", "truth.csv"]
        self.fails(*common, code=2, says=["--out"])
        self.fails(*common, "--out", "best", code=2, says=["best.jsonc"])
        self.fails(*common, "--out", "b.jsonc", "--metric", "f1", code=2, says=["--metric f1", "recall@K"])
        self.fails(*common, "--out", "b.jsonc", "--threshold", "2", code=2, says=["precision=.95"])
        self.fails(*common, "--out", "b.jsonc", "--preset", "hybrd", code=2, says=["no preset 'hybrd'; did you mean 'hybrid'?"])
        self.fails(*common, "--out", "nowhere/b.jsonc", says=["nowhere"])
        self.fails("tune", "nothing", *common[2:], "--out", "b.jsonc", says=["nothing"])
        self.write("few.csv", "query,item\nq1-0,i1\n")
        self.fails("tune", "shop", "--queries", "queries.csv", "--truth", "few.csv", "--out", "b.jsonc",
                   says=["1 of the queries", "few.csv", "label more"])
        self.write("one.csv", rows(["query", "item"], [[f"q{n}-0", "i1"] for n in range(30)]))
        self.fails("tune", "shop", "--queries", "queries.csv", "--truth", "one.csv", "--out", "b.jsonc",
                   says=["share their items"])
        self.assertFalse((self.dir / "b.jsonc").exists())
        self.assertIn("Examples:", self.pmatch("tune", "--help").stdout)


if __name__ == "__main__":
    unittest.main()
