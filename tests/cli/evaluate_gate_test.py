import csv
import json
import unittest
import xml.etree.ElementTree

from support import CliTest

#: Of 40 queries, in fours: hits at rank 1, 1, 2, none.
RANKS = [1, 1, 2, None]
HATS = '"Hats, caps"'


class Gate(CliTest):
    def setUp(self):
        super().setUp()
        self.write_run("good.trec", lambda i: RANKS[i % 4])
        self.write("truth.csv", "query,item\n" + "".join(f"q{i},true{i}\n" for i in range(40)))
        self.write("queries.csv", "id,category\n"
                   + "".join(f"q{i},{'Shoes' if i % 4 < 2 else HATS}\n" for i in range(40)))

    def write_run(self, name, rank_of, queries=range(40)):
        lines = []
        for i in queries:
            items = [f"wrong{i}-{n}" for n in range(3)]
            if rank_of(i):
                items.insert(rank_of(i) - 1, f"true{i}")
            lines += [f"q{i} Q0 {item} {n + 1} {1 - n / 10} test" for n, item in enumerate(items)]
        self.write(name, "\n".join(lines) + "\n")

    def evaluate(self, *more, run="good.trec", code=0):
        return self.pmatch("--quiet", "evaluate", "--run", run, "--truth", "truth.csv", "--queries",
                           "queries.csv", *more, code=code)

    def json(self, *more, **named):
        return json.loads(self.evaluate("--format", "json", *more, **named).stdout)

    def refuses(self, *more, says):
        return self.fails("evaluate", "--run", "good.trec", "--truth", "truth.csv", "--queries",
                          "queries.csv", *more, code=2, says=says)

    def test_a_floor_that_holds_and_one_that_does_not(self):
        kept = self.json("--fail-under", "recall@1=.5,mrr=.6")
        self.assertTrue(kept["gate"]["passed"])
        missed = self.evaluate("--format", "json", "--fail-under", "mrr=.6,recall@5=.8", code=4)
        gate = json.loads(missed.stdout)["gate"]
        self.assertEqual([check["status"] for check in gate["checks"]], ["failed", "passed"])
        self.assertEqual(gate["checks"][0]["metric"], "recall@5")
        self.assertIn("recall@5 is 0.7500, wanted at least 0.8", missed.stderr)

    def test_slices_have_gates_of_their_own(self):
        result = self.json("--by", "category")
        self.assertEqual([(s["value"], s["scored"], s["metrics"]["hit@1"]) for s in result["slices"]],
                         [("Hats, caps", 20, 0), ("Shoes", 20, 1)])
        self.json("--fail-under", "category=Shoes:recall@1=1")
        missed = self.evaluate("--fail-under", "category=Hats, caps:recall@5=.6", code=4)
        self.assertIn("category=Hats, caps: recall@5 is 0.5000", missed.stderr)
        self.refuses("--fail-under", "category=Gloves:recall@1=.1", says=["category=Gloves", "'Shoes'"])
        self.refuses("--by", "colour", says=["'colour'", "'category'"])

    def test_a_row_of_the_query_file_that_cannot_be_read_is_named(self):
        self.write("queries.csv", "id,category\nq0,Shoes\nq1,Hats, caps\n")
        said = self.pmatch("evaluate", "--run", "good.trec", "--truth", "truth.csv", "--queries",
                           "queries.csv", "--by", "category")
        self.assertIn("warning: query q1: too_many_cells: ", said.stderr)

    def test_a_drop_against_the_baseline(self):
        self.evaluate("--format", "json", "-o", "base.json")
        self.write_run("worse.trec", lambda i: None if i == 0 else RANKS[i % 4])  # one of 40 lost
        drop = ["--baseline", "base.json", "--max-drop"]
        self.evaluate(*drop, "recall@1=.025", run="worse.trec")
        missed = self.evaluate(*drop, "recall@1=.02", run="worse.trec", code=4)
        self.assertIn("recall@1 is 0.4750, wanted at most 0.02 below 0.5000", missed.stderr)
        self.write_run("better.trec", lambda i: 1)
        self.evaluate(*drop, "recall@1=0", run="better.trec")

    def test_one_lost_query_is_chance_and_ten_are_not(self):
        self.evaluate("--format", "json", "--with-queries", "-o", "base.json")
        gate = ["--baseline", "base.json", "--max-drop", "recall@1=0", "--significant"]
        self.write_run("worse.trec", lambda i: None if i == 0 else RANKS[i % 4])
        checks = self.json(*gate, run="worse.trec")["gate"]["checks"]
        self.assertEqual(checks[0]["p"], 1)  # one difference, either way
        self.write_run("worst.trec", lambda i: None if i < 20 else RANKS[i % 4])
        missed = self.evaluate(*gate, run="worst.trec", code=4)
        self.assertIn("(p = 0.00", missed.stderr)
        # With every query's values a slice needs no --by in the baseline.
        self.evaluate("--baseline", "base.json", "--max-drop", "category=Shoes:recall@1=.1",
                      run="worst.trec", code=4)

    def test_failed_rows_come_first_in_every_format(self):
        gate = ["--fail-under", "mrr=.1", "--fail-under", "recall@1=.9"]
        table = self.evaluate(*gate, code=4).stdout.splitlines()
        self.assertRegex(table[1], r"^FAILED +recall@1 +0\.5000 +at least 0\.9")
        self.assertRegex(table[2], r"^passed +mrr")
        markdown = self.evaluate(*gate, "--format", "markdown", code=4).stdout
        self.assertTrue(markdown.startswith("### FAILED: 1 of 2 checks\n"))
        self.assertLess(markdown.index("| FAILED | recall@1 |"), markdown.index("| passed | mrr |"))
        junit = self.evaluate(*gate, "--format", "junit", code=4).stdout
        suite = xml.etree.ElementTree.fromstring(junit).find("testsuite")
        self.assertEqual((suite.get("tests"), suite.get("failures")), ("2", "1"))
        first, second = suite.findall("testcase")
        self.assertIn("recall@1 is 0.5000", first.find("failure").get("message"))
        self.assertIsNone(second.find("failure"))
        self.assertIn("metric", suite.find("system-out").text)

    def test_junit_survives_hostile_names(self):
        self.write("queries.csv", "id,category\n" + "".join(f'q{i},"<&""\x01\u00e9>"\n' for i in range(40)))
        junit = self.evaluate("--fail-under", "category=<&\"\x01\u00e9>:recall@1=.9", "--format", "junit",
                              code=4).stdout
        case = xml.etree.ElementTree.fromstring(junit).find("testsuite/testcase")
        self.assertIn("category=<&\" \u00e9>: recall@1", case.get("name"))

    def test_what_cannot_be_compared_is_a_usage_error_that_names_both_sides(self):
        self.evaluate("--format", "json", "-o", "base.json")
        drop = ["--baseline", "base.json", "--max-drop"]
        self.refuses("--fail-under", "recal@10=.9", says=["'recal@10'", "'recall@10'"])
        self.refuses("--fail-under", "recall@7=.9", says=["'recall@7'", "--at"])
        self.refuses("--fail-under", "f1=.9", says=["'f1'", "--threshold"])
        self.refuses("--fail-under", "recall@1", says=["METRIC=NUMBER"])
        self.refuses("--max-drop", "recall@1=.1", says=["--baseline"])
        self.refuses("--baseline", "base.json", says=["--max-drop"])
        self.refuses(*drop, "recall@1=-1", says=["below 0"])
        self.refuses(*drop, "recall@1=0", "--significant", says=["--with-queries"])
        self.refuses(*drop, "category=Shoes:recall@1=0", says=["no slice category=Shoes", "--by"])
        self.refuses("--at", "1,7", *drop, "recall@7=0", says=["base.json", "'recall@7'", "'recall@5'"])
        self.refuses("--with-queries", says=["--format json"])
        self.refuses("--per-query", "queries.parquet", says=[".csv"])
        self.write("truth.csv", "query,item\n" + "".join(f"q{i},true{i}\n" for i in range(39)))
        self.refuses(*drop, "recall@1=0", says=["base.json", "other queries", "40 scored", "39 scored"])
        self.write("truth.csv", "query,item\n" + "".join(f"q{i},wrong{i}-0\n" for i in range(40)))
        self.refuses(*drop, "recall@1=0", says=["another truth"])
        self.write("base.json", "{}")
        self.fails("evaluate", "--run", "good.trec", "--truth", "truth.csv", *drop, "mrr=0", code=1,
                   says=["base.json", "--with-queries"])

    def test_every_query_has_a_row(self):
        self.evaluate("--by", "category", "--per-query", "rows.csv", "--threshold", "0.9")
        with open(self.dir / "rows.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(len(rows), 40)
        self.assertEqual((rows[2]["query"], rows[2]["category"], float(rows[2]["mrr"])),
                         ("q2", "Hats, caps", 0.5))
        result = self.json("--threshold", "0.9")["metrics"]
        self.assertAlmostEqual(sum(float(r["mrr"]) for r in rows) / 40, result["mrr"])
        both, predicted = (sum(float(r[c]) for r in rows) for c in ("true_positives", "predicted"))
        self.assertAlmostEqual(2 * both / (predicted + 40), result["f1"])
        self.evaluate("--per-query", "rows.jsonl")
        lines = (self.dir / "rows.jsonl").read_text().splitlines()
        self.assertEqual(json.loads(lines[2])["mrr"], 0.5)

    def test_intervals_hold_the_value_and_can_be_left_out(self):
        result = self.json()
        for name, value in result["metrics"].items():
            low, high = result["intervals"][name]
            self.assertLessEqual(low, value, name)
            self.assertGreaterEqual(high, value, name)
        low, high = result["intervals"]["hit@1"]
        # hit@1 of 40 queries is .5: the binomial's 95 % are .35 to .65
        self.assertAlmostEqual(low, 0.35, delta=0.03)
        self.assertAlmostEqual(high, 0.65, delta=0.03)
        self.assertEqual(self.json()["intervals"], result["intervals"])
        self.assertNotEqual(self.json("--seed", "2")["intervals"], result["intervals"])
        self.assertNotIn("intervals", self.json("--bootstrap", "0"))
        self.assertIn("\u2013", self.evaluate().stdout)
        self.assertNotIn("\u2013", self.evaluate("--bootstrap", "0").stdout)

    def test_with_a_query_file_an_unanswered_query_scores_zero(self):
        self.write_run("good.trec", lambda i: 1, range(30))
        result = self.json()
        self.assertEqual((result["scored"], result["metrics"]["recall@1"]), (40, 0.75))
        alone = self.pmatch("--quiet", "evaluate", "--run", "good.trec", "--truth", "truth.csv",
                            "--format", "json")
        self.assertEqual(json.loads(alone.stdout)["scored"], 30)


if __name__ == "__main__":
    unittest.main()
