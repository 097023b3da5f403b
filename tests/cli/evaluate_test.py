import csv
import json
import unittest

from support import CliTest


class Evaluate(CliTest):
    def shop_with_queries(self):
        self.indexed_shop()
        self.write("queries.csv", "id,title,colour,price\n"
                   "q1,Desk lamp,black,35.90\nq2,Running shoe,white,79\nq3,Umbrella,red,20\n")
        self.write("truth.csv", "query,item\nq1,l1\nq2,s1\nq2,s2\nq9,m1\n")

    def evaluate(self, *more):
        return self.quiet("evaluate", "shop", "--queries", "queries.csv", "--truth", "truth.csv", *more)

    def test_json_has_the_metrics_of_the_contract(self):
        self.shop_with_queries()
        result = json.loads(self.evaluate("--format", "json").stdout)
        self.assertEqual((result["queries"], result["scored"], result["failed"]), (3, 2, 0))
        self.assertEqual(result["preset"], "auto")
        metrics = result["metrics"]
        for name in ["hit", "recall", "pair_recall"]:
            for k in (1, 5, 10):
                self.assertIn(f"{name}@{k}", metrics)
        # q1 finds its only item first, q2 one of two.
        self.assertEqual(metrics["hit@1"], 1)
        self.assertEqual(metrics["recall@1"], 0.75)
        self.assertAlmostEqual(metrics["pair_recall@1"], 2 / 3)
        self.assertEqual(metrics["mrr"], 1)
        self.assertEqual(metrics["recall@10"], 1)

    def test_the_table_has_a_column_for_each_k(self):
        self.shop_with_queries()
        text = self.evaluate("--at", "1,3").stdout
        self.assertRegex(text.splitlines()[0], r"metric +@1 +@3")

    def test_a_query_that_failed_scores_zero(self):
        self.shop_with_queries()
        self.write("queries.csv", b"id,title,colour,price\nq1,Desk lamp,black,35.90\nq2,\xff,white,79\n")
        said = self.pmatch("evaluate", "shop", "--queries", "queries.csv", "--truth", "truth.csv",
                           "--format", "json", code=3)
        result = json.loads(said.stdout)
        self.assertEqual((result["scored"], result["failed"]), (2, 1))
        self.assertEqual(result["metrics"]["hit@1"], 0.5)

    def test_a_stored_run_gives_the_same_numbers_without_a_collection(self):
        self.shop_with_queries()
        direct = json.loads(self.evaluate("--format", "json").stdout)["metrics"]
        run = self.quiet("query", "shop", "--queries", "queries.csv", "--format", "trec", "--top", "100")
        self.write("run.trec", run.stdout)
        self.write("truth.qrels", "q1 0 l1 1\nq2 0 s1 1\nq2 0 s2 1\nq9 0 m1 1\n")
        stored = self.pmatch("evaluate", "--run", "run.trec", "--truth", "truth.qrels", "--format", "json")
        self.assertIn("1 queries of the truth have no answers in the run", stored.stderr)
        self.assertEqual(json.loads(stored.stdout)["metrics"], direct)

    def test_answers_of_equal_score_are_ordered_as_trec_eval_does_and_told(self):
        lines = ["1 Q0 b 1 1.0 t", "1 Q0 a 2 1.0 t", "2 Q0 b 1 1.0 t", "2 Q0 c 2 1.0 t", "3 Q0 a 1 2 t", "3 Q0 b 2 1 t"]
        self.write("truth.qrels", "1 0 b 1\n2 0 b 1\n3 0 a 1\n")
        ask = ["evaluate", "--run", "run.trec", "--truth", "truth.qrels", "--at", "1", "--format", "json",
               "--bootstrap", "0", "--per-query", "each.csv"]
        for order in (lines, lines[::-1]):
            self.write("run.trec", "\n".join(order) + "\n")
            said = self.pmatch(*ask)
            self.assertIn("2 of 3 queries of the run have answers of equal score", said.stderr)
            self.assertEqual(json.loads(said.stdout)["warnings"], [])
            with open(self.dir / "each.csv") as file:
                hits = {row["query"]: float(row["hit@1"]) for row in csv.DictReader(file)}
            self.assertEqual(hits, {"1": 1, "2": 0, "3": 1})
        self.write("run.trec", "\n".join(lines[4:]) + "\n")
        self.assertNotIn("equal score", self.pmatch(*ask).stderr)

    def test_percent_signs_in_the_ids_of_a_table_are_those_of_the_run(self):
        self.write("run.trec", "q%201 Q0 a%2Fb%20c 1 2 t\n")
        for query, item in [("q%201", "a%2Fb%20c"), ("q 1", "a%2Fb c")]:
            self.write("truth.csv", f"query,item\n{query},{item}\n")
            result = json.loads(self.quiet("evaluate", "--run", "run.trec", "--truth", "truth.csv", "--format",
                                           "json").stdout)
            self.assertEqual((result["scored"], result["metrics"]["hit@1"]), (1, 1))

    def test_truth_columns_can_be_named(self):
        self.shop_with_queries()
        self.write("truth.csv", "idA,idB\nl1,q1\n")
        result = json.loads(self.evaluate("--truth-columns", "idB,idA", "--format", "json").stdout)
        self.assertEqual(result["scored"], 1)
        self.fails("evaluate", "shop", "--queries", "queries.csv", "--truth", "truth.csv",
                   says=["truth.csv", "idA", "--truth-columns"])

    def test_the_result_can_go_to_a_file(self):
        self.shop_with_queries()
        self.assertEqual(self.evaluate("--format", "json", "-o", "result.json").stdout, "")
        self.assertEqual(json.loads((self.dir / "result.json").read_text())["scored"], 2)

    def test_truth_that_fits_no_query_is_an_error(self):
        self.shop_with_queries()
        self.write("truth.csv", "query,item\nx,l1\n")
        self.fails("evaluate", "shop", "--queries", "queries.csv", "--truth", "truth.csv",
                   says=["truth.csv", "--truth-columns"])

    def test_a_run_and_a_collection_exclude_each_other(self):
        self.fails("evaluate", "shop", "--run", "r", "--truth", "t", code=2, says=["--run"])
        self.fails("evaluate", "--truth", "t", code=2, says=["--queries", "--run"])


class Status(CliTest):
    def test_it_names_the_next_command(self):
        self.text_catalog()
        self.quiet("ingest", "shop", "catalog.csv")
        self.assertIn("pmatch embed shop", self.quiet("status", "shop").stdout)
        self.indexed_shop()
        self.assertNotIn("to complete it", self.quiet("status", "shop").stdout)
        self.write("newer.csv", "id,title,colour,price\nx1,Umbrella,red,20\n")
        self.quiet("ingest", "shop", "newer.csv", "--max-loss", "1")
        text = self.quiet("status", "shop").stdout
        self.assertIn("pmatch embed shop", text)
        self.assertIn("pmatch build-index shop", text)

    def test_an_empty_ledger_prints_nothing(self):
        self.text_catalog()
        self.quiet("ingest", "shop", "catalog.csv")
        self.assertEqual(self.quiet("ledger", "shop").stdout, "")


if __name__ == "__main__":
    unittest.main()
