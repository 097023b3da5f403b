"""Search with `--where` that keeps about 1 % of 44,446 titles: the answers must equal those of filtering an exhaustive
run, and the search must not take longer than without the filter, for Flat, HNSW and IVF.

Times are those reported by `pmatch query --verbose` for vector searches (without SQL and encoder): the median of
--rounds runs, alternately with and without the filter. A run's first filtered search includes selecting and copying
the vectors that pass.

Data: titles-44k.csv of the Fashion Product Images (small) set. A collection is made once in --keep.
Usage: .venv/bin/python scripts/bench/where.py [--keep DIRECTORY] [--rounds 5]
"""
import argparse
import csv
import pathlib
import re
import statistics
import tempfile

from common import DATA, PACKAGES, need, pmatch

LAYOUTS = ["Flat", "HNSW32", "IVF844,Flat"]
WHERE = "article_type = 'Sarees'"
TOP = 10
QUERIES = 100


def make(collection, titles):
    if not (collection / "collection.json").exists():
        pmatch("ingest", collection, titles, "--text", "title")
        pmatch("embed", collection, "--model", PACKAGES / "minilm-l6")


def write_queries(titles, path):
    with open(titles, newline="", encoding="utf-8") as source, open(path, "w", newline="") as out:
        rows = list(csv.DictReader(source))
        writer = csv.writer(out)
        writer.writerow(["id", "title"])
        for row in rows[::len(rows) // QUERIES][:QUERIES]:
            writer.writerow([row["id"], row["title"] + " saree"])
    return {row["id"] for row in rows if row["article_type"] == "Sarees"}, len(rows)


def run(collection, queries, *more):
    """Answers by query as (item, score), and the milliseconds of the searches."""
    out, said = pmatch("--verbose", "query", collection, "--queries", queries, "--preset", "text",
                       "--format", "tsv", *more)
    answers = {}
    for line in out.splitlines()[1:]:
        query, _, item, score = line.split("\t")
        answers.setdefault(query, []).append((item, score))
    return answers, sum(float(ms) for ms in re.findall(r"vector search ([\d.]+) ms", said))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    titles = need(DATA / "image" / "fashion" / "titles-44k.csv", "Fashion Product Images (small)")
    with tempfile.TemporaryDirectory(prefix="pmatch-bench-") as work:
        collection = options.keep or pathlib.Path(work) / "fashion"
        make(collection, titles)
        queries = pathlib.Path(work) / "queries.csv"
        passing, count = write_queries(titles, queries)
        one = pathlib.Path(work) / "one.csv"
        one.write_text("".join(queries.read_text().splitlines(keepends=True)[:2]))
        pmatch("build-index", collection, "--layout", "Flat")
        exhaustive, _ = run(collection, queries, "--top", str(count))
        wanted = {query: [a for a in answers if a[0] in passing][:TOP]
                  for query, answers in exhaustive.items()}
        print(f"{len(passing)} of {count} items pass ({100 * len(passing) / count:.2f} %), "
              f"{QUERIES} queries, top {TOP}; ms of the searches")
        print("layout         same answers   batch: filtered / all      one query: filtered / all")
        for layout in LAYOUTS:
            pmatch("build-index", collection, "--layout", layout)
            times = {"batch": ([], []), "one": ([], [])}
            same = 0
            for _ in range(options.rounds):
                for name, file in [("batch", queries), ("one", one)]:
                    filtered, ms = run(collection, file, "--top", str(TOP), "--where", WHERE)
                    times[name][0].append(ms)
                    times[name][1].append(run(collection, file, "--top", str(TOP))[1])
                    if name == "batch":
                        same = sum(filtered[query] == wanted[query] for query in wanted)
            cells = "      ".join(f"{statistics.median(a):8.2f} / {statistics.median(b):8.2f}"
                                  for a, b in times.values())
            print(f"{layout:14} {same:3} of {len(wanted)}      {cells}", flush=True)


if __name__ == "__main__":
    main()
