"""The preset `matcher` through the real binary, and its features against a transcription in Python."""
import csv
import json
import math
import os
import random
import re
import unittest

from support import CliTest

BRANDS, KINDS = ["Sony", "Canon", "LG", "Bose"], ["camera", "TV", "speaker", "printer"]
COLOURS, UNITS = ["black", "silver", "white"], ["GB", "inch", "watt"]


def product(rng):
    model = "".join(rng.choice("ABCDX") for _ in range(3)) + "-" + str(rng.randint(10, 9999))
    brand = rng.choice(BRANDS)
    title = f"{brand} {model} {rng.choice(KINDS)} {rng.randint(4, 8)} {rng.choice(UNITS)}"
    return [title, f"{rng.choice(COLOURS)} {rng.choice(KINDS)} with {rng.randint(1, 9)} {rng.choice(UNITS)}",
            rng.choice(["", str(rng.randint(5, 900))]), rng.choice(["", model]), rng.choice(["", brand])]


def noisy(cells, rng):
    words = [w for w in cells[0].split() if rng.random() < .8] or ["thing"]
    rng.shuffle(words)
    return [" ".join(words).replace("-", rng.choice(["-", ""])), cells[1] if rng.random() < .5 else "", cells[2],
            rng.choice(["", cells[3].lower(), cells[3][:-1], "QX-1"]), rng.choice(["", cells[4].upper(), "Bose & Sony"])]


def words(text):
    return re.findall(r"[a-z0-9]+", text.lower())


def models(text):
    tokens = ["".join(re.findall("[a-z0-9]", token)) for token in text.lower().split()]
    return {t for t in tokens if re.search(r"\d", t) and len(t) >= (5 if t.isdigit() else 3)}


def digit(text):
    return re.search(r"\d", text) is not None


class Transcription:
    """A second reading of core/match_*.cpp, for ASCII words and blanks."""

    def __init__(self, catalog):
        self.count, self.held = len(catalog), {}
        for record in catalog:
            text = self.text(record)
            for term in {("w", w) for w in words(text)} | {("m", m) for m in models(text)}:
                self.held[term] = self.held.get(term, 0) + 1

    @staticmethod
    def text(record):
        return " ".join(cell for cell in record if cell)

    def weight(self, terms, kind="w"):
        total = 0
        for term in terms:
            held = self.held.get((kind, term), 0)
            total += math.log1p((self.count - held + .5) / (held + .5))
        return total

    def features(self, query, item):
        out = {}
        sets = {"text": [set(words(self.text(r))) for r in (query, item)],
                "title": [set(words(r[0])) for r in (query, item)]}
        for name, (q, i) in sets.items():
            out[f"{name}.jaccard"] = len(q & i) / len(q | i)
            out[f"{name}.idf.jaccard"] = self.weight(q & i) / self.weight(q | i)
            out[f"{name}.idf.query"] = self.weight(q & i) / self.weight(q)
            out[f"{name}.idf.item"] = self.weight(q & i) / self.weight(i)
        q, i = sets["title"][0], sets["text"][1]
        out["title_in_text.idf.query"] = self.weight(q & i) / self.weight(q)
        out["title.lacking.query"] = self.weight(q - i)
        out["title.lacking.rarest.query"] = max((self.weight([w]) for w in q - i), default=0)
        compact = ["".join(words(r[0])) for r in (query, item)]
        q, i = ({c[n:n + 3] for n in range(len(c) - 2)} for c in compact)
        out["title.trigrams.jaccard"] = len(q & i) / max(1, len(q | i))
        out["title.first_word"] = float(words(query[0])[0] == words(item[0])[0])
        q, i = (models(self.text(r)) for r in (query, item))
        out["models.shared"] = math.log1p(len(q & i))
        out["models.rarest"] = max((self.weight([m], "m") for m in q & i), default=0)
        mine, inside = models(query[0]), "".join(words(self.text(item)))
        found = {m for m in mine if m in i or (len(m) >= 4 and m in inside)}
        out["models.in_item"] = sum(map(len, found)) / max(1, sum(map(len, mine)))
        begins = [(os.path.commonprefix([a, b]), a, b) for a in mine for b in models(item[0])]
        begins = [one for one in begins if len(one[0]) >= 3]
        out["models.common.begin"] = min(8, max((len(c) for c, _, _ in begins), default=0)) / 8
        stems = [len(c) for c, a, b in begins if digit(c) and not digit(a[len(c):] + b[len(c):])]
        out["models.common.stem"] = min(10, max(stems, default=0)) / 10
        held = [len(run) for names, title in ((mine, compact[1]), (models(item[0]), compact[0])) for name in names
                for run in (name[a:b] for a in range(len(name)) for b in range(a + 3, len(name) + 1))
                if digit(run) and run in title]
        out["models.common.run"] = min(10, max(held, default=0)) / 10
        units = [set(re.findall(r"\b(\d+) (GB|inch|watt)\b", self.text(r))) for r in (query, item)]
        kinds = len({u for _, u in units[0]} & {u for _, u in units[1]})
        out["units.agree"] = math.log1p(len(units[0] & units[1]))
        out["units.conflict"] = max(0, kinds - len(units[0] & units[1])) / kinds if kinds else 0
        colours = [{w for w in words(self.text(r)) if w in COLOURS} for r in (query, item)]
        out["colours.conflict"] = float(all(colours) and not colours[0] & colours[1])
        q, i = ("".join(words(r[3])) for r in (query, item))
        out["mpn.equal"] = float(bool(q and i) and q == i)
        out["mpn.differ"] = float(bool(q and i) and q != i)
        out["mpn.part"] = float(bool(q and i) and q != i and (q.startswith(i) or i.startswith(q)))
        out["mpn.in_title.query"] = float(len(i) > 3 and i in compact[0])
        out["mpn.in_title.item"] = float(len(q) > 3 and q in compact[1])
        q, i = (words(r[4]) for r in (query, item))
        out["brand.equal"] = float(bool(q and i) and q == i)
        out["brand.differ"] = float(bool(q and i) and not set(q) & set(i))
        out["brand.in_title"] = float(any(a and "".join(a) in b for a, b in ((i, compact[0]), (q, compact[1]))))
        both = bool(query[2] and item[2])
        out["price.ratio"] = min(map(float, (query[2], item[2]))) / max(map(float, (query[2], item[2]))) if both else 0
        return out


def read(path):
    with open(path, "rb") as file:
        columns = json.loads(file.readline())["columns"]
        data = memoryview(file.read()).cast("f")
    return [dict(zip(columns, data[at:at + len(columns)])) for at in range(0, len(data), len(columns))]


class Matcher(CliTest):
    def shop(self):
        rng = random.Random(7)
        self.catalog = [product(rng) for _ in range(60)]
        self.queries = [noisy(one, rng) for one in self.catalog]
        for name, records in (("catalog.csv", self.catalog), ("queries.csv", self.queries)):
            with open(self.dir / name, "w", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(["id", "title", "description", "price", "mpn", "brand"])
                writer.writerows([f"p{n:02}", *one] for n, one in enumerate(records))
        self.quiet("ingest", "shop", "catalog.csv")
        self.quiet("build-index", "shop", "--layout", "bm25", "--analyser", "words")

    def hits(self, *more):
        out = self.quiet("query", "shop", "--queries", "queries.csv", "--preset", "matcher", "--top", 1, "--format",
                         "tsv", *more).stdout.splitlines()[1:]
        return sum(line.split("\t")[0] == line.split("\t")[2] for line in out)

    def test_features_are_those_of_a_transcription(self):
        self.shop()
        self.hits("--features", "features")
        peer, rows = Transcription(self.catalog), read(self.dir / "features")
        self.assertGreater(len(rows), 600)
        for row in rows:
            query, item = self.queries[int(row["query"])], self.catalog[int(row["row"])]
            for name, value in peer.features(query, item).items():
                self.assertAlmostEqual(row[name], value, delta=2e-5 * max(1, abs(value)), msg=(name, query, item))

    def test_matching_two_collections_writes_the_features_that_a_query_file_gives(self):
        self.shop()
        self.hits("--features", "asked")
        self.quiet("ingest", "rivals", "queries.csv")
        self.quiet("match", "shop", "rivals", "--preset", "matcher", "--features", "matched")
        self.assertEqual((self.dir / "asked").read_bytes(), (self.dir / "matched").read_bytes())

    def test_features_are_those_of_one_preset(self):
        self.shop()
        said = self.pmatch("match", "shop", "--union", "matcher=.5,auto=.5", "--features", "features", code=2).stderr
        self.assertIn("--features", said)
        self.assertFalse((self.dir / "features").exists())

    def test_features_are_for_a_preset_with_a_model(self):
        self.shop()
        self.fails("query", "shop", "--text", "red mug", "--preset", "lexical", "--features", "f", code=2,
                   says=["--features", "--preset matcher"])

    def test_one_list_is_enough_and_the_others_are_named(self):
        self.shop()
        self.assertGreater(self.hits(), 45)
        said = self.pmatch("query", "shop", "--text", "Sony camera", "--preset", "matcher").stderr
        self.assertIn("--layout bm25 --source title --analyser 3gram", said)
        self.assertIn("pmatch embed shop --model PACKAGE", said)

    def test_a_whole_file_is_answered_together(self):
        self.shop()
        self.assertGreaterEqual(self.hits("--batch"), self.hits() - 1)

    def test_answers_are_the_same_for_any_number_of_threads(self):
        self.shop()
        query = ["query", "shop", "--queries", "queries.csv", "--preset", "matcher", "--format", "tsv"]
        for more in ([], ["--batch"]):
            one = self.quiet("--threads", 1, *query, *more).stdout
            self.assertEqual(one, self.quiet("--threads", 3, *query, *more).stdout)

    def test_match_scores_a_pair_by_the_log_of_its_odds(self):
        self.shop()
        self.quiet("ingest", "rivals", "queries.csv")
        preset = {"lists": [{"name": "words", "source": "text", "kind": "bm25", "analyser": "words"}],
                  "min_score": 1000,  # of another score
                  "rescore": {"title": ["title"], "alone": [{"feature": "text.idf.jaccard", "weight": 1}],
                              "batch": [{"feature": "score", "weight": 1}],
                              "odds": [{"feature": "text.idf.jaccard", "mean": .1, "scale": .5, "weight": 3},
                                       {"feature": "bias", "weight": -2}]}}
        self.write("odds.jsonc", json.dumps(preset))
        ask = ["match", "shop", "rivals", "--preset", "./odds.jsonc", "--batch", "--features", "features"]
        pairs = list(csv.DictReader(self.quiet(*ask).stdout.splitlines()))
        value = {(row["query"], row["row"]): row["text.idf.jaccard"] for row in read(self.dir / "features")}
        self.assertEqual(len(pairs), 60)
        for pair in pairs:
            feature = value[int(pair["query"][1:]), int(pair["item"][1:])]
            self.assertAlmostEqual(float(pair["score"]), 3 * (feature - .1) / .5 - 2, places=4)
        likely = list(csv.DictReader(self.quiet(*ask, "--threshold", 0).stdout.splitlines()))
        self.assertEqual(likely, [pair for pair in pairs if float(pair["score"]) >= 0])
        self.assertLess(len(likely), 60)

    def test_filters_groups_and_explanations_work_as_with_other_presets(self):
        self.shop()
        query = ["query", "shop", "--text", "Sony camera black", "--preset", "matcher", "--format", "jsonl"]
        answers = json.loads(self.quiet(*query, "--where", "id <> 'p00'", "--explain", "--top", 3).stdout)["answers"]
        self.assertEqual(len(answers), 3)
        scores = [one["score"] for one in answers]
        self.assertEqual(scores, sorted(scores, reverse=True))
        answers = json.loads(self.quiet(*query, "--collapse", "price", "--top", 5).stdout)["answers"]
        self.assertEqual(len(answers), 5)


if __name__ == "__main__":
    unittest.main()
