"""Query latency with outdated indexes: the times of scripts/bench/latency.py with up-to-date indexes, after a share of
the items was replaced and embedded but not indexed, and after `build-index`.

Over N items of generated words with random unit vectors; needs `--target pmatch_random_vectors` built.

Usage: .venv/bin/python scripts/bench/stale.py [--items N] [--changed SHARE] [--layout Flat] [--queries 15]
"""
import argparse
import csv
import pathlib
import statistics
import time

from common import pmatch, workspace
from latency import embed, make, questions, synthetic_titles, times_of


def changed_titles(titles, changed, share):
    """The first of the items with other words."""
    with open(titles, newline="", encoding="utf-8") as file, open(changed, "w", newline="", encoding="utf-8") as out:
        rows = list(csv.reader(file))
        writer = csv.writer(out)
        writer.writerow(rows[0])
        for item, title in rows[1:1 + int(share * (len(rows) - 1))]:
            writer.writerow([item, f"{title} renewed"])


def index_again(collection, layout):
    """Both indexes; the seconds it took."""
    start = time.perf_counter()
    pmatch("build-index", collection, "--layout", layout)
    pmatch("build-index", collection, "--layout", "bm25", "--analyser", "3gram")
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--changed", type=float, default=.01)
    parser.add_argument("--layout", default="Flat")
    parser.add_argument("--queries", type=int, default=15)
    options = parser.parse_args()
    with workspace() as work:
        work = pathlib.Path(work)
        collection, titles, changed = work / "shop", work / "titles.csv", work / "changed.csv"
        synthetic_titles(titles, options.items)
        make(collection, titles, True)
        pmatch("build-index", collection, "--layout", options.layout)
        asked = questions(titles, options.queries)
        states = {"up to date": times_of(collection, asked)}
        changed_titles(titles, changed, options.changed)
        pmatch("ingest", collection, changed, "--mode", "upsert", "--text", "title")
        embed(collection, True)
        states["stale"] = times_of(collection, asked)
        spent = index_again(collection, options.layout)
        states["indexed again"] = times_of(collection, asked)
        print(f"{options.items:,} items, {options.layout}, {options.changed:.1%} changed, {options.queries} queries; ms")
        print(f"{'':14}" + "".join(f"{name:>10}" for name in states["stale"]))
        for state, times in states.items():
            print(f"{state:14}" + "".join(f"{statistics.median(values):10.1f}" for values in times.values()))
        ratio = statistics.median(states["stale"]["sum"]) / statistics.median(states["up to date"]["sum"])
        print(f"stale / up to date: {ratio:.2f}; build-index, both: {spent:.1f} s")


if __name__ == "__main__":
    main()
