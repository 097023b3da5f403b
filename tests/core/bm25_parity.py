"""Our BM25 against a plain NumPy transcription of its formula, on random texts of ASCII words and
numbers (whose boundaries a regular expression finds too) and, where they are there, on real ones.

usage: bm25_parity.py BM25_TOOL
"""
import collections
import csv
import json
import os
import pathlib
import random
import re
import subprocess
import sys

import numpy as np

CASES = 40
DATA = pathlib.Path(os.environ.get(
    "PMATCH_DATA", pathlib.Path(__file__).resolve().parents[3] / "shared" / "data"))


def words(text):
    return re.findall(r"[a-z0-9_]+", text.lower())


def grams(text):
    found = []
    for word in words(text):
        found += [word] if len(word) < 3 else [word[i:i + 3] for i in range(len(word) - 2)]
    return found


def scores(texts, query, analyser, k1, b):
    """score[item] = sum over the query's terms of idf tf (k1 + 1) / (tf + k1 (1 - b + b dl/avgdl))"""
    documents = [collections.Counter(analyser(text)) for text in texts]
    length = np.array([sum(document.values()) for document in documents], float)
    average = length.mean() if length.sum() else 1
    total = np.zeros(len(texts))
    for term in analyser(query):
        tf = np.array([document[term] for document in documents], float)
        n = (tf > 0).sum()
        idf = np.log(1 + (len(texts) - n + .5) / (n + .5))
        has = tf > 0  # with k1 = 0 the others would be 0 / 0
        tf, norm = tf[has], (1 - b + b * length / average)[has]
        total[has] += idf * tf * (k1 + 1) / (tf + k1 * norm)
    return total


def check(tool, texts, queries, analyser, k1, b, top):
    """The largest relative difference; ends the script where an order is wrong."""
    question = json.dumps({"texts": texts, "queries": queries, "analyser": analyser, "k1": k1,
                           "b": b, "top": top})
    done = subprocess.run([tool], input=question, capture_output=True, text=True, check=True)
    worst = 0.0
    for query, answer in zip(queries, json.loads(done.stdout), strict=True):
        expected = scores(texts, query, {"words": words, "3gram": grams}[analyser], k1, b)
        ours = np.array(answer["scores"])
        scale = np.maximum(expected, 1e-9)
        worst = max(worst, float((np.abs(ours - expected) / scale).max(initial=0)))
        found = answer["found"]
        if len(found) != min(top, int((expected > 0).sum())):
            sys.exit(f"{len(found)} answers to {query!r}")
        best = sorted(expected[expected > 0], reverse=True)[:top]
        for (row, score), wanted in zip(found, best):
            # The order is the formula's but where single precision cannot tell two items apart.
            if abs(expected[row] - wanted) > 1e-5 * wanted or score != np.float32(ours[row]):
                sys.exit(f"{query!r}: row {row} has {score}, expected {wanted}")
    return worst


def random_text(rng):
    return " ".join(rng.choice(["Mug", "x"]) * rng.randrange(2) + str(int(rng.expovariate(.1)))
                    for _ in range(rng.randrange(12)))


def main():
    rng = random.Random(20240501)
    worst = 0.0
    for _ in range(CASES):
        texts = [random_text(rng) for _ in range(rng.randrange(1, 200))]
        queries = [random_text(rng) for _ in range(10)]
        worst = max(worst, check(sys.argv[1], texts, queries, rng.choice(["words", "3gram"]),
                                 rng.choice([0, .9, 1.2, 2]), rng.choice([0, .4, .75, 1]),
                                 rng.choice([1, 10, 300])))
    print(f"{CASES} random collections: largest relative difference {worst:.1e}")
    if worst > 1e-5:
        sys.exit("larger than single precision explains")
    table = DATA / "text" / "abt-buy" / "tableA.csv"
    if not table.exists():
        print(f"skipped: {table} is not there")
        return
    with open(table, newline="", encoding="utf-8") as file:
        # Without marks that join words by Unicode's rules.
        texts = [re.sub(r"[^A-Za-z0-9]+", " ", " ".join(row[1:])) for row in csv.reader(file)][1:]
    for analyser in ("words", "3gram"):
        worst = check(sys.argv[1], texts, texts[::97], analyser, 1.2, .75, 10)
        print(f"{len(texts)} real texts, {analyser}: largest relative difference {worst:.1e}")
        if worst > 1e-5:
            sys.exit("larger than single precision explains")


main()
