"""push and --engine with real PostgreSQL servers: answers against exact search, filters, removals, kills, refusals."""
import csv
import json
import os
import pathlib
import random

import signal
import subprocess
import sys
import time
import unittest

import numpy as np
import postgres

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/cli"))
from support import BINARY, PACKAGES, CliTest  # noqa: E402

WORDS = ["red", "blue", "green", "mug", "cup", "oak", "chair", "lamp", "desk", "shoe", "boot", "shirt", "jeans",
         "steel", "glass", "linen", "small", "large", "round", "old", "new", "kids", "garden", "travel"]


def titles(count, seed=1):
    words = random.Random(seed)
    return [" ".join(words.sample(WORDS, 5)) + f" {number}" for number in range(count)]


class EngineTest(CliTest):
    """A collection `shop` of titles with a Flat index here, and a server for the whole class."""

    @classmethod
    def setUpClass(cls):
        cls.server = cls.enterClassContext(postgres.Postgres())

    def setUp(self):
        super().setUp()
        self.server.sql("DROP SCHEMA IF EXISTS pmatch CASCADE")

    def shop(self, texts, name="shop"):
        with open(self.dir / "catalog.csv", "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "title", "price"])
            writer.writerows([f"p{number}", text, number] for number, text in enumerate(texts))
        self.quiet("ingest", name, "catalog.csv", "--text", "title")
        self.quiet("embed", name, "--model", PACKAGES / "text")
        self.quiet("build-index", name, "--layout", "Flat")

    def queries(self, texts):
        with open(self.dir / "queries.csv", "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "title"])
            writer.writerows([f"q{number}", text] for number, text in enumerate(texts))

    def answers(self, *options):
        """query -> [(item, score)]"""
        said = self.pmatch("--quiet", "query", "shop", "--queries", "queries.csv", "--preset", "text", "--format",
                           "tsv", *options).stdout
        lists = {}
        for line in said.splitlines()[1:]:
            query, _, item, score = line.split("\t")
            lists.setdefault(query, []).append((item, float(score)))
        return lists

    def compare(self, *options, recall=.99, engine="postgres"):
        """The engine's answers beside those of exact search."""
        here, there = self.answers(*options), self.answers(*options, "--engine", engine)
        self.assertEqual(here.keys(), there.keys())
        shares = []
        for query, exact in here.items():
            # Items whose scores are the same but for the halves' rounding may change places.
            scores = dict(exact)
            worst = exact[-1][1]
            self.assertEqual(len(exact), len(there[query]), query)
            good = sum(item in scores or score >= worst - 1e-3 for item, score in there[query])
            shares.append(good / len(exact))
            for item, score in there[query]:
                if item in scores:
                    self.assertAlmostEqual(score, scores[item], delta=1e-3)
        self.assertGreaterEqual(np.mean(shares), recall)

    def rows(self, table="shop.text"):
        return self.server.sql(f'SELECT row, ordinal, content, vector FROM pmatch."{table}" ORDER BY row, ordinal')

    def push(self, *options, code=0):
        return self.pmatch("push", "shop", self.server.url(), *options, code=code).stderr


class SmallCollections(EngineTest):
    def test_the_engine_answers_as_exact_search_does(self):
        self.shop(titles(1500))
        self.queries(titles(60, seed=2))
        said = self.push()
        self.assertIn("1,500 vectors sent", said)
        self.assertIn("recall@10", said)
        self.compare()
        self.compare(engine=self.server.url())

    def test_filters_that_few_and_that_many_pass_find_what_exact_search_finds(self):
        self.shop(titles(1500))
        self.queries(titles(30, seed=2))
        self.push()
        for condition in ("price < 5", "price < 100", "price >= 10", "price < 0"):
            with self.subTest(condition):
                if condition == "price < 0":
                    self.assertEqual(self.answers("--where", condition, "--engine", "postgres"), {})
                else:
                    self.compare("--where", condition)

    def test_vectors_are_those_of_the_collection_as_halves_or_as_they_are(self):
        self.shop(titles(50))
        ids, _, vectors = self.read_space()
        for options, dtype in (([], np.float16), (["--type", "vector", "--replace"], np.float32)):
            self.push(*options)
            for line, row, vector in zip(self.rows().splitlines(), ids, vectors):
                cells = line.split("\t")
                self.assertEqual(int(cells[0]), row)
                np.testing.assert_array_equal(np.array(json.loads(cells[3]), dtype=np.float32),
                                              vector.astype(dtype).astype(np.float32))

    def test_a_second_push_sends_nothing_and_a_newer_catalog_what_differs(self):
        texts = titles(300)
        self.shop(texts)
        self.push()
        first = self.rows()
        said = self.push()
        self.assertIn("0 vectors sent, 0 removed, 300 were there", said)
        self.assertEqual(self.rows(), first)
        changed = texts[:250] + [text + " changed" for text in texts[250:260]] + texts[280:] + ["something new"]
        with open(self.dir / "catalog.csv", "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "title", "price"])
            numbers = [*range(260), *range(280, 301)]
            writer.writerows([f"p{number}", text, number] for number, text in zip(numbers, changed))
        self.quiet("ingest", "shop", "catalog.csv", "--text", "title")
        self.quiet("embed", "shop", "--model", PACKAGES / "text")
        self.quiet("build-index", "shop", "--layout", "Flat")
        self.queries(changed[240:])
        self.fails("query", "shop", "--text", "mug", "--preset", "text", "--engine", "postgres",
                   says=["has changed since it was pushed", "pmatch push shop"])
        said = self.push()
        self.assertIn("11 vectors sent", said)
        self.assertIn("20 removed", said)
        self.assertIn("270 were there", said)
        self.compare()

    def test_shards_push_one_table_and_the_last_completes_it(self):
        self.shop(titles(3000))
        said = self.push("--shard", "0/2")
        self.assertIn("1 shards are left", said)
        self.fails("query", "shop", "--text", "mug", "--preset", "text", "--engine", "postgres",
                   says=["the push to the engine has not ended", "2 shards"])
        self.push("--shard", "1/2")
        shared = self.rows()
        self.server.sql("DROP SCHEMA pmatch CASCADE")
        self.push()
        self.assertEqual(self.rows(), shared)

    def test_a_push_that_is_killed_goes_on_where_it_was(self):
        self.shop(titles(6000))
        self.push("--no-index")
        whole = self.rows()
        for delay in (.05, .1, .2, .4):
            self.server.sql("DROP SCHEMA pmatch CASCADE")
            process = subprocess.Popen([BINARY, "push", "shop", self.server.url()], cwd=self.dir,
                                       stderr=subprocess.DEVNULL)
            time.sleep(delay)
            process.send_signal(signal.SIGKILL)
            process.wait()
            self.push()
            self.assertEqual(self.rows(), whole)
            self.assertIn("0 vectors sent", self.push())


class Refusals(EngineTest):
    def setUp(self):
        super().setUp()
        self.shop(titles(100))

    def ask(self, *options, code=1, says=()):
        return self.fails("query", "shop", "--text", "red mug", "--preset", "text", *options, code=code, says=says)

    def test_an_engine_that_nothing_was_pushed_to(self):
        self.ask("--engine", "postgres", says=["nothing of this collection was pushed", "pmatch push shop"])
        self.push()
        self.ask("--engine", "other", says=["knows no engine 'other', but postgres"])

    def test_a_space_that_was_not_pushed(self):
        self.push()
        self.server.sql("DELETE FROM pmatch.spaces")
        self.ask("--engine", "postgres", says=["space 'text' of 'shop' was not pushed there"])

    def test_another_collection_of_the_same_name(self):
        self.push()
        os.rename(self.dir / "shop", self.dir / "former")
        self.shop(titles(100))
        self.fails("push", "shop", self.server.url(), says=["pushed there by another collection", "--as NAME"])
        self.pmatch("push", "shop", self.server.url(), "--as", "second")
        self.pmatch("query", "shop", "--text", "mug", "--preset", "text", "--engine", "postgres")

    def test_vectors_by_another_model(self):
        self.push()
        self.quiet("embed", "shop", "--model", PACKAGES / "text2", "--replace")
        self.quiet("build-index", "shop")
        self.ask("--engine", "postgres", says=["fingerprint", "the collection's", "--replace"])
        self.fails("push", "shop", self.server.url(), says=["fingerprint", "the collection's", "--replace"])
        self.push("--replace")
        self.pmatch("query", "shop", "--text", "mug", "--preset", "text", "--engine", "postgres")

    def test_no_server_and_a_wrong_database(self):
        self.fails("push", "shop", f"postgresql://127.0.0.1:{postgres.free_port()}/products",
                   says=["Connection refused", "check that the server runs"])
        self.fails("push", "shop", self.server.url("nothing"), says=['database "nothing" does not exist'])

    def test_a_database_without_the_extension_is_given_it_by_push_alone(self):
        self.push()
        self.server.sql("DROP EXTENSION vector CASCADE")
        self.ask("--engine", "postgres", says=["no extension 'vector' in this database", "pgvector 0.8"])
        self.server.sql("DROP SCHEMA pmatch CASCADE")
        self.push()
        self.pmatch("query", "shop", "--text", "mug", "--preset", "text", "--engine", "postgres")

    def test_an_extension_that_is_too_old(self):
        self.push()
        version = self.server.sql("SELECT extversion FROM pg_extension WHERE extname = 'vector'")
        self.server.sql("UPDATE pg_extension SET extversion = '0.7.4' WHERE extname = 'vector'")
        try:
            self.ask("--engine", "postgres", says=["pgvector 0.7.4", "0.8"])
        finally:
            self.server.sql(f"UPDATE pg_extension SET extversion = '{version}' WHERE extname = 'vector'")

    def test_tables_of_a_later_format(self):
        self.push()
        self.server.sql("UPDATE pmatch.spaces SET format = 99")
        self.ask("--engine", "postgres", says=["format 99", "upgrade pmatch"])

    def test_a_user_who_may_not_read(self):
        self.push()
        self.server.sql("DROP ROLE IF EXISTS guest")
        self.server.sql("CREATE ROLE guest LOGIN")
        self.ask("--engine", self.server.url().replace("shop@", "guest@"), says=["permission denied", "USAGE on"])

    def test_a_server_that_is_stopped_and_back(self):
        self.push()
        self.server.stop()
        try:
            self.ask("--engine", "postgres", says=["Connection refused", self.server.url()])
        finally:
            self.server.start()
        self.pmatch("query", "shop", "--text", "mug", "--preset", "text", "--engine", "postgres")

    def test_a_server_that_does_not_answer_in_time(self):
        self.push()
        with self.server.session('BEGIN; LOCK TABLE pmatch."shop.text"; SELECT pg_sleep(120)'):
            self.ask("--engine", "postgres", says=["has not answered within 30"])
        self.pmatch("query", "shop", "--text", "mug", "--preset", "text", "--engine", "postgres")

    def test_a_server_that_is_restarted_between_the_queries_of_a_run(self):
        self.push()
        process = subprocess.Popen([BINARY, "--quiet", "query", "shop", "--queries", "-", "--preset", "text",
                                    "--engine", "postgres", "--format", "tsv"], cwd=self.dir, text=True,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdin.write("id,title\na,red mug\n")
        process.stdin.flush()
        self.assertIn("query", process.stdout.readline())
        self.assertTrue(process.stdout.readline().startswith("a\t1\t"))
        self.server.stop()
        self.server.start()
        said, complaint = process.communicate("b,blue cup\n", timeout=120)
        self.assertEqual(complaint, "")
        self.assertEqual(sum(line.startswith("b\t") for line in said.splitlines()), 10)


class Passwords(CliTest):
    def test_a_password_is_taken_from_the_environment_and_shown_nowhere(self):
        secret = "correct-horse"
        with postgres.Postgres(password=secret) as server:
            self.text_catalog()
            self.quiet("ingest", "shop", "catalog.csv")
            self.quiet("embed", "shop", "--model", PACKAGES / "text")
            environment = os.environ | {"PGPASSWORD": secret}
            run = [BINARY, "--verbose", "push", "shop", server.url()]
            result = subprocess.run(run, cwd=self.dir, env=environment, capture_output=True, text=True)
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertNotIn(secret, result.stderr + result.stdout)
            wrong = subprocess.run(run, cwd=self.dir, env=os.environ | {"PGPASSWORD": "battery"},
                                   capture_output=True, text=True)
            self.assertEqual(wrong.returncode, 1)
            self.assertIn("password authentication failed", wrong.stderr)
            self.assertNotIn("battery", wrong.stderr)
            typed = self.pmatch("push", "shop", server.url().replace("shop@", f"shop:{secret}@"))
            self.assertNotIn(secret, typed.stderr)
            self.assertIn("is in the shell's history", typed.stderr)
            for file in (self.dir / "shop").rglob("*.json"):
                self.assertNotIn(secret, file.read_text())


if __name__ == "__main__":
    reason = "it starts servers, not in CI" if os.environ.get("CI") else postgres.missing()
    if reason:
        print(f"skipped: {reason}")
        sys.exit(77)
    unittest.main()
