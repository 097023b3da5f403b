"""`pmatch match` of two catalogs and of one with itself, against numpy on the vectors that are stored."""
import csv
import io
import itertools
import json
import random
import re
import shlex
import unittest

import numpy
from support import PACKAGES, CliTest

WORDS = ["mug", "lamp", "shoe", "boot", "chair", "desk", "bag", "shirt", "red", "blue", "green", "oak", "steel", "wool",
         "small", "large", "mini", "pro", "classic", "soft"]


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def pairs(text):
    return [(row["query"], row["item"]) for row in rows(text)]


class Match(CliTest):
    def collection(self, name, items, package="text"):
        """`items`: id → title."""
        self.write(f"{name}.csv", "id,title\n" + "".join(f"{i},{t}\n" for i, t in items.items()))
        self.quiet("ingest", name, f"{name}.csv")
        self.quiet("embed", name, "--model", PACKAGES / package, "--space", "text")
        self.quiet("build-index", name)
        vectors = self.read_space(collection=name)[2]
        return dict(zip(items, vectors.astype(numpy.float64)))

    def two(self):
        """Collections a and b and their scores as b × a."""
        a = self.collection("a", {"a3": "red mug", "a1": "blue mug", "a2": "oak desk", "a4": "wool shirt pro"})
        b = self.collection("b", {"b2": "red mug mini", "b1": "desk oak", "b3": "shirt"})
        return {(q, i): float(b[q] @ a[i]) for q in b for i in a}

    def sampled(self, noise=6):
        """40 items of b that are items of a with a word changed, and `noise` others; a truth sample of 30 and all others."""
        chance = random.Random(7)
        items = {f"a{n:02}": " ".join(chance.sample(WORDS, 5)) for n in range(40)}
        others = {f"b{n:02}": text.rsplit(" ", 1)[0] + " " + chance.choice(WORDS)
                  for n, text in enumerate(items.values())}
        others |= {f"x{n:02}": " ".join(chance.sample(WORDS, 5)) for n in range(noise)}
        a, b = self.collection("a", items), self.collection("b", others)
        names = [f"b{n:02}" for n in range(30)]
        self.write("sample.csv", "query,item\n" + "".join(f"{q},a{q[1:]}\n" for q in names)
                   + "x00,\nx01,\n")
        return a, b, names + ["x00", "x01"]

    def test_all_pairs_of_a_catalog_are_those_of_numpy_each_once_and_best_first(self):
        items = {"m2": "red mug", "m1": "blue mug", "s1": "wool shirt", "d1": "oak desk", "D2": "desk of oak"}
        vectors = self.collection("shop", items)
        found = rows(self.quiet("match", "shop", "--mode", "all").stdout)
        wanted = sorted(((float(numpy.float32(vectors[a] @ vectors[b])), a, b)
                         for a, b in itertools.combinations(sorted(items, key=str.encode), 2)),
                        key=lambda pair: (-pair[0], pair[1].encode(), pair[2].encode()))
        self.assertEqual([(row["query"], row["item"]) for row in found], [pair[1:] for pair in wanted])
        for row, (score, _, _) in zip(found, wanted):
            self.assertAlmostEqual(float(row["score"]), score, places=5)
            self.assertEqual(row["text.score"], row["score"])
        self.assertEqual(list(found[0]), ["query", "item", "score", "text.score", "text.rank", "margin"])

    def test_all_items_at_once_have_the_pairs_that_asking_them_in_blocks_gives(self):
        chance = random.Random(11)
        items = {f"i{n:04}": " ".join(chance.sample(WORDS, 4)) for n in range(1400)} | {"none": ""}
        self.collection("shop", items)
        at_once = self.quiet("match", "shop", "--mode", "all", "--top", "5").stdout
        in_blocks = self.quiet("match", "shop", "--mode", "all", "--top", "5", "--where", "id <> ''").stdout
        self.assertGreater(len(rows(at_once)), 1400)
        self.assertEqual(at_once, in_blocks)
        self.assertEqual(at_once, self.quiet("--threads", "1", "match", "shop", "--mode", "all", "--top", "5").stdout)

    def test_the_modes_of_two_catalogs_choose_as_their_definitions_say(self):
        scores = self.two()
        queries, items = sorted({q for q, _ in scores}), sorted({i for _, i in scores})
        match = lambda *more: pairs(self.quiet("match", "a", "b", *more).stdout)
        best = {(q, max(items, key=lambda i: scores[q, i])) for q in queries}
        self.assertEqual(set(match()), best)
        self.assertEqual(set(match("--mode", "mutual")),
                         {(q, i) for q, i in best if q == max(queries, key=lambda other: scores[other, i])})
        greedy = []
        for q, i in sorted(scores, key=lambda pair: -scores[pair]):
            if all(q != taken and i != item for taken, item in greedy):
                greedy.append((q, i))
        self.assertEqual(match("--mode", "one-to-one"), greedy)
        optimum = max((list(zip(queries, order)) for order in itertools.permutations(items, len(queries))),
                      key=lambda chosen: sum(scores[pair] for pair in chosen))
        self.assertEqual(set(match("--mode", "optimal")), set(optimum))
        self.assertEqual(len(match("--mode", "all")), len(scores))
        bound = sorted(scores.values())[6] - 1e-4
        self.assertEqual(set(match("--mode", "all", "--threshold", bound)),
                         {pair for pair, score in scores.items() if score >= bound})

    def test_an_error_names_the_side_that_it_is_about_in_quotes_where_a_shell_needs_them(self):
        self.collection("my shop", {"a": "red mug"})
        self.write("the rival's.csv", "id,title\nb,red mug\n")
        self.quiet("ingest", "the rival's", "the rival's.csv")
        match = ["match", "my shop", "the rival's"]
        self.fails(*match, "--preset", "lexical", code=2, says=["`pmatch build-index 'my shop' --layout bm25`"])
        said = self.fails(*match).stderr
        rival = shlex.quote(str(self.dir.resolve() / "the rival's")).replace("'\"'\"'", "'\\''")
        self.assertIn(f"fix:  pmatch embed {rival} --model ", said)
        self.assertNotIn("my shop", said.split("fix:")[1])
        # The command that is named, read by a shell, mends it.
        command = shlex.split(said.split("fix:")[1])
        self.quiet(*command[1:])
        self.assertEqual(pairs(self.quiet(*match).stdout), [("b", "a")])
        next((self.dir / "the rival's" / "items").iterdir()).unlink()
        said = self.fails(*match).stderr
        self.assertEqual(shlex.split(said.split("`")[1])[:3],
                         ["pmatch", "ingest", str(self.dir.resolve() / "the rival's-again")])

    def test_a_collection_and_a_query_file_of_the_same_items_match_alike(self):
        self.two()
        stored = rows(self.quiet("match", "a", "b", "--mode", "all").stdout)
        embedded = rows(self.quiet("match", "a", "b.csv", "--mode", "all").stdout)
        self.assertEqual([(r["query"], r["item"]) for r in stored], [(r["query"], r["item"]) for r in embedded])
        for one, other in zip(stored, embedded):
            self.assertAlmostEqual(float(one["score"]), float(other["score"]), places=5)

    def test_what_is_matched_with_itself_is_paired_once_and_never_with_itself(self):
        self.collection("shop", {"b": "red mug", "a": "red mug", "d": "oak desk", "c": "oak desk", "e": "wool shirt"})
        # Both have a cosine of 1, as far as fp32 is exact: which comes first depends on the last bit.
        self.assertEqual(sorted(pairs(self.quiet("match", "shop", "--mode", "mutual", "--threshold", ".999").stdout)),
                         [("a", "b"), ("c", "d")])
        self.assertEqual(sorted(pairs(self.quiet("match", "shop", "--mode", "one-to-one", "--threshold", ".999").stdout)),
                         [("a", "b"), ("c", "d")])
        best = pairs(self.quiet("match", "shop", "--mode", "best").stdout)
        self.assertEqual(sorted(query for query, _ in best), ["a", "b", "c", "d", "e"])
        self.assertLessEqual({("a", "b"), ("b", "a"), ("c", "d"), ("d", "c")}, set(best))

    def judged(self):
        """(score, whether it is right) of the best pair of every item of the sample, by numpy."""
        a, b, sample = self.sampled()
        ids, matrix = list(a), numpy.array(list(a.values()))
        scores = {query: matrix @ b[query] for query in sample}
        return [(float(s.max()), ids[int(s.argmax())] == "a" + query[1:]) for query, s in scores.items()]

    def learned(self, *more):
        said = self.pmatch("match", "a", "b", "--truth", "sample.csv", *more).stderr
        return re.search(r"threshold (\S+) learned from 30 true pairs: F1 ([\d.]+)", said).groups()

    def test_the_threshold_of_the_best_F1_is_that_of_a_plain_sweep(self):
        judged = self.judged()
        threshold, f1 = self.learned()
        wanted = max((2 * sum(right for score, right in judged if score >= bound)
                      / (sum(score >= bound for score, _ in judged) + 30), bound) for bound, _ in judged)
        self.assertAlmostEqual(float(f1), wanted[0], places=4)
        taken = sum(score >= float(threshold) for score, _ in judged)
        self.assertEqual(taken, sum(score >= wanted[1] for score, _ in judged))
        with_it = self.quiet("match", "a", "b", "--threshold", threshold).stdout
        self.assertEqual(self.quiet("match", "a", "b", "--truth", "sample.csv").stdout, with_it)

    def test_a_target_precision_takes_as_many_pairs_as_its_interval_allows(self):
        judged = self.judged()

        def surely(bound):
            taken = [right for score, right in judged if score >= bound]
            z, n, p = 1.959963984540054, len(taken), sum(taken) / len(taken)
            return (p + z * z / 2 / n - z * (p * (1 - p) / n + z * z / 4 / n / n) ** .5) / (1 + z * z / n)
        reached = sorted((surely(bound) for bound, _ in judged), reverse=True)
        target = reached[5] - 1e-6
        threshold, _ = self.learned("--target-precision", f"{target:.6f}")
        wanted = min(bound for bound, _ in judged if surely(bound) >= target - 1e-7)
        self.assertEqual(sum(score >= float(threshold) for score, _ in judged),
                         sum(score >= wanted for score, _ in judged))
        self.fails("match", "a", "b", "--truth", "sample.csv", "--target-precision", "1",
                   says=["no threshold has a precision that is surely 1", "sample.csv"])

    def test_a_sample_of_a_few_pairs_is_refused(self):
        self.two()
        self.write("sample.csv", "query,item\nb1,a2\n")
        self.fails("match", "a", "b", "--truth", "sample.csv", says=["1 true pairs of 1 items", "fewer than the 20"])

    def test_a_sample_that_fits_nothing_is_an_error(self):
        _, _, sample = self.sampled()
        self.write("other.csv", "query,item\n" + "".join(f"{query},z{query}\n" for query in sample))
        self.fails("match", "a", "b", "--truth", "other.csv", says=["true pairs of the sample", "--truth-columns"])

    def test_vectors_by_another_model_are_refused_and_both_sides_named(self):
        self.collection("a", {"a1": "red mug"})
        self.collection("b", {"b1": "red mug"}, package="text2")
        self.fails("match", "a", "b", says=["fingerprint", str(self.dir.resolve() / "a"), str(self.dir.resolve() / "b"),
                                            "pmatch embed"])
        self.write("c.csv", "id,title\nc1,red mug\n")
        self.quiet("ingest", "c", "c.csv")
        self.fails("match", "a", "c", says=["has no vectors by this model", "pmatch embed"])

    def test_queries_that_cannot_be_used_are_named_and_the_others_are_matched(self):
        self.two()
        self.write("some.csv", "id,title\nq1,red mug\nq2,\nq1,oak desk\n")
        said = self.pmatch("match", "a", "some.csv", code=3)
        self.assertEqual(pairs(said.stdout), [("q1", "a3")])
        self.assertIn("query q2: nothing_to_compare", said.stderr)
        self.assertIn("query q1: duplicate_id", said.stderr)
        self.assertIn("3 items, 2 failed", said.stderr)

    def test_equal_input_gives_equal_bytes_to_stdout_and_to_a_file(self):
        self.two()
        for form in ("csv", "jsonl"):
            first = self.quiet("match", "a", "b", "--format", form).stdout
            self.assertEqual(self.quiet("match", "a", "b", "--format", form, "-o", "out").stdout, "")
            self.assertEqual((self.dir / "out").read_text(), first)
        self.fails("match", "a", "b", "-o", "nowhere/out.csv", says=["nowhere"])

    def test_jsonl_has_the_evidence_of_every_list(self):
        self.two()
        self.quiet("build-index", "a", "--layout", "bm25")
        lines = [json.loads(line) for line in self.quiet("match", "a", "b", "--preset", "hybrid", "--format",
                                                         "jsonl").stdout.splitlines()]
        self.assertEqual(sorted(line["query"] for line in lines), ["b1", "b2", "b3"])
        for line in lines:
            self.assertEqual(list(line), ["query", "item", "score", "lists", "margin"])
            self.assertIn("rank", line["lists"]["text"])
        self.assertTrue(any(len(line["lists"]) == 2 for line in lines))

    def test_with_batch_items_rank_the_queries_in_return(self):
        scores = self.two()
        once = rows(self.quiet("match", "a", "b", "--mode", "all").stdout)
        together = rows(self.quiet("match", "a", "b", "--mode", "all", "--batch").stdout)
        self.assertEqual(len(together), len(scores))
        self.assertNotEqual([r["score"] for r in once], [r["score"] for r in together])
        self.assertEqual({r["text.score"] for r in once}, {r["text.score"] for r in together})


if __name__ == "__main__":
    unittest.main()
