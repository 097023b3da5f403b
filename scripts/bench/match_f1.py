"""F1 of `pmatch match --mode one-to-one` with a threshold learned on half of the left records, evaluated on the other
half; records without a match are included on both sides. Means of --splits seeded splits. For comparison, the best F1
of any threshold on all records, as reported in papers (Zeakis et al., "Pre-trained Embeddings for Entity Resolution",
PVLDB 2023, unsupervised matching with unique mapping: .755 on Abt-Buy, .418 on Walmart-Amazon for all-MiniLM-L6-v2).

wdc-b is many-to-one: several offers of B are one product of A, so it uses mode `best`, and only B > A.

--preset evaluates another ranking, --bm25 builds the lexical indexes that it may need.

Data: Abt-Buy and Walmart-Amazon as pyJedAI distributes them; wdc-b as SC-Block does.
Usage: .venv/bin/python scripts/bench/match_f1.py [--preset text] [--batch] [--bm25 text,title] [--mode one-to-one]
       [--keep DIRECTORY] [--splits 5] [SET ...]
"""
import argparse
import csv
import io
import pathlib
import random
import re
import statistics
import tempfile

from common import DATA, PACKAGES, need, pmatch

SETS = {  # the text's columns (empty: all), the matches, the mode, the directions left > searched
    "abt-buy": ("", "matches.csv", "one-to-one", ("AB", "BA")),
    "walmart-amazon": ("", "matches.csv", "one-to-one", ("AB", "BA")),
    "wdc-b": ("brand,title,description,price,pricecurrency", "matches_cluster.csv", "best", ("BA",))}
PUBLISHED = {"abt-buy": ".755", "walmart-amazon": ".418"}


def make(collection, table, columns, sources):
    if not (collection / "collection.json").exists():
        pmatch("ingest", collection, table, *(["--text", columns] if columns else []))
    pmatch("embed", collection, "--model", PACKAGES / "minilm-l6")
    pmatch("build-index", collection)
    for source in sources:
        pmatch("build-index", collection, "--layout", "bm25", "--source", source)


def read(path, left, right):
    with open(path, newline="", encoding="utf-8") as file:
        return {(row[f"id{left}"], row[f"id{right}"]) for row in csv.DictReader(file)}


def ids(table):
    with open(table, newline="", encoding="utf-8") as file:
        return [row["id"] for row in csv.DictReader(file)]


def write_sample(path, records, truth):
    """Every record of the sample; an empty cell beside those without a match."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["query", "item"])
        for record in records:
            for item in sorted(truth.get(record, [])) or [""]:
                out.writerow([record, item])


def learned(said):
    """The F1 that the command states for its sample."""
    return float(re.search(r"F1 ([\d.]+)", said).group(1))


def measure(command, records, pairs, work, splits):
    truth = {}
    for record, item in pairs:
        truth.setdefault(record, set()).add(item)
    sample = work / "sample.csv"
    write_sample(sample, records, truth)
    best = learned(pmatch(*command, "--truth", sample)[1])
    held_out = []
    for seed in range(splits):
        shuffled = sorted(records)
        random.Random(seed).shuffle(shuffled)
        half = len(shuffled) // 2
        write_sample(sample, shuffled[:half], truth)
        out, _ = pmatch(*command, "--truth", sample)
        rest = set(shuffled[half:])
        found = {(row["query"], row["item"]) for row in csv.DictReader(io.StringIO(out)) if row["query"] in rest}
        wanted = {pair for pair in pairs if pair[0] in rest}
        held_out.append(2 * len(found & wanted) / (len(found) + len(wanted)))
    return best, held_out


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--preset", default="text")
    parser.add_argument("--batch", action="store_true")
    parser.add_argument("--bm25", default="", help="sources of lexical indexes, parted by commas")
    parser.add_argument("--mode", help="instead of the set's own")
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("--splits", type=int, default=5)
    parser.add_argument("sets", nargs="*", metavar="SET")
    options = parser.parse_args()
    print(f"preset {options.preset}\nset             left > searched  mode        F1 held out: mean (least to most)   "
          "best threshold on all   published")
    with tempfile.TemporaryDirectory(prefix="pmatch-bench-") as temporary:
        work = pathlib.Path(temporary)
        for name in options.sets or SETS:
            columns, matches, mode, directions = SETS[name]
            folder = need(DATA / "text" / name, name)
            keep = options.keep or work
            for side in "AB":
                make(keep / f"{name}-{side}", folder / f"table{side}.csv", columns,
                     [source for source in options.bm25.split(",") if source])
            for left, right in directions:
                command = ["match", keep / f"{name}-{right}", keep / f"{name}-{left}", "--preset", options.preset,
                           "--mode", options.mode or mode, *(["--batch"] if options.batch else [])]
                best, held_out = measure(command, ids(folder / f"table{left}.csv"), read(folder / matches, left, right),
                                         work, options.splits)
                print(f"{name:15} {left} > {right}            {options.mode or mode:11} "
                      f"{statistics.mean(held_out):.3f} ({min(held_out):.3f} to {max(held_out):.3f})             "
                      f"{best:.3f}                   {PUBLISHED.get(name, '')}", flush=True)


if __name__ == "__main__":
    main()
