"""Latency of one hybrid text query by stage: encoding, vector search, lexical search (including splitting the query
into terms), fusion. Medians over --queries processes that answer one query each, as reported by
`pmatch query --verbose`; "process" is the total, including loading the encoder and the indexes.

Over 44,446 titles (titles-44k.csv of the Fashion Product Images (small) set), or with --synthetic N over N items of
generated words with random unit vectors, which needs `--target pmatch_random_vectors` built.

Usage: .venv/bin/python scripts/bench/latency.py [--keep DIRECTORY] [--synthetic N] [--layout Flat] [--queries 15]
"""
import argparse
import csv
import pathlib
import random
import re
import statistics
import subprocess
import tempfile
import time

from common import DATA, PACKAGES, binary, need, pmatch

STEPS = {"encode": r"encode ([\d.]+) ms", "vector": r"vector search ([\d.]+) ms",
         "lexical": r"(?:lexical search|terms) ([\d.]+) ms", "fuse": r"fuse ([\d.]+) ms"}


def word(random_number):
    """Words whose frequency falls with their number, like those of a language (Zipf)."""
    number, syllables = int(60_000 ** random_number) - 1, []
    while number >= 0:
        number, syllable = divmod(number, 50)
        syllables.append("bcdfgklmnr"[syllable % 10] + "aeiou"[syllable // 10])
        number -= 1
    return "".join(syllables)


def synthetic_titles(path, count):
    numbers = random.Random(20240502)
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "title"])
        for item in range(count):
            title = (word(numbers.random()) for _ in range(numbers.randint(5, 12)))
            writer.writerow([item, " ".join(title)])


def make(collection, titles, synthetic):
    if not (collection / "collection.json").exists():
        pmatch("ingest", collection, titles, "--text", "title")
    pmatch("build-index", collection, "--layout", "bm25", "--analyser", "3gram")
    embed(collection, synthetic)


def embed(collection, synthetic):
    if synthetic:
        subprocess.run([binary("pmatch_random_vectors"), collection, PACKAGES / "minilm-l6"], check=True)
    else:
        pmatch("embed", collection, "--model", PACKAGES / "minilm-l6")


def questions(titles, count):
    with open(titles, newline="", encoding="utf-8") as file:
        rows = [row["title"] for row in csv.DictReader(file)]
    return random.Random(1).sample(rows, count)


def times_of(collection, texts):
    """{step: [ms of each query]}"""
    times = {name: [] for name in [*STEPS, "sum", "process"]}
    for text in texts:
        start = time.perf_counter()
        _, said = pmatch("--verbose", "query", collection, "--text", text, "--preset", "hybrid")
        times["process"].append(1000 * (time.perf_counter() - start))
        steps = {name: sum(float(ms) for ms in re.findall(pattern, said))
                 for name, pattern in STEPS.items()}
        for name, ms in steps.items():
            times[name].append(ms)
        times["sum"].append(sum(steps.values()))
    return times


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("--synthetic", type=int, metavar="N")
    parser.add_argument("--layout", default="Flat")
    parser.add_argument("--queries", type=int, default=15)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pmatch-bench-") as work:
        collection = options.keep or pathlib.Path(work) / "shop"
        if options.synthetic:
            titles = pathlib.Path(work) / "titles.csv"
            synthetic_titles(titles, options.synthetic)
        else:
            titles = need(DATA / "image" / "fashion" / "titles-44k.csv",
                          "Fashion Product Images (small)")
        make(collection, titles, options.synthetic)
        pmatch("build-index", collection, "--layout", options.layout)
        times = times_of(collection, questions(titles, options.queries))
        print(f"{options.synthetic or 44446:,} items, {options.layout}, top 10, {options.queries} queries; ms")
        for name, values in times.items():
            print(f"{name:8} {statistics.median(values):9.2f}  ({min(values):.2f} to {max(values):.2f})")


if __name__ == "__main__":
    main()
