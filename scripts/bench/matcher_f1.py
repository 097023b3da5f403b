"""F1 of `pmatch match --batch` with the matcher, adapted to half of the records, evaluated on the other half; records
without a match are included on both sides. Matches B with A, one-to-one; for wdc-b, which is many-to-one, each record
of B with its best. Trained on the other sets, adapted to the pairs of one half (seeded split of products and unmatched
records), with the threshold learned on that half by `match --truth`; means of --splits splits.

Usage: .venv/bin/python scripts/bench/matcher_f1.py DIRECTORY [--splits 5] [SET ...]
       (DIRECTORY as of scripts/train_matcher.py)
"""
import argparse
import csv
import io
import pathlib
import statistics
import sys
import tempfile

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from matcher_sets import ROOT, SETS, DATA, directions, pmatch, rows_of  # noqa: E402
from matcher_training import adapt, train  # noqa: E402
from train_matcher import write  # noqa: E402
from match_f1 import SETS as MODES, write_sample  # noqa: E402


def split(truth, seed):
    """The learning half of the queries: whole products, and half of the queries that have none."""
    product = {query: min(items) for query, items in truth.items() if items}
    names = sorted(set(product.values())) + sorted(query for query in truth if query not in product)
    chosen = set(np.random.default_rng(seed).permutation(names)[:len(names) // 2])
    return {query for query in truth if product.get(query, query) in chosen}


def f1(found, wanted):
    return 2 * len(found & wanted) / (len(found) + len(wanted))


def measure(name, every, options, work):
    mine = [one for one in every if one.name == name]
    base = train([one.pool for one in every if one.name != name])
    ids = [row["id"] for row in rows_of(DATA / "text" / name / "tableB.csv")]
    pairs = {(row["idB"], row["idA"]) for row in rows_of(DATA / "text" / name / SETS[name][2])}
    truth = {f"B{query}": set() for query in ids}  # ids of the two tables may be the same strings
    for b, a in pairs:
        truth[f"B{b}"].add(f"A{a}")
    preset, sample = work / "adapted.jsonc", work / "sample.csv"
    for seed in range(options.splits):
        learn = split(truth, seed)
        groups = {a for b, a in pairs if f"B{b}" in learn}
        known = [one.of_groups(groups) if one.items == "B" else np.array([i for i, b in enumerate(ids) if f"B{b}" in learn])
                 for one in mine]
        model = adapt(base, [one.pool for one in mine], known)
        preset.write_text((ROOT / "presets" / "matcher.jsonc").read_text())
        write(model, preset)
        write_sample(sample, [query[1:] for query in sorted(learn)],
                     {query[1:]: {item[1:] for item in truth[query]} for query in learn})
        out = pmatch("match", options.directory / f"{name}-A", options.directory / f"{name}-B", "--preset", preset,
                     "--batch", "--mode", MODES[name][2], "--truth", sample)
        found = {(row["query"], row["item"]) for row in csv.DictReader(io.StringIO(out))}
        yield f1({pair for pair in found if f"B{pair[0]}" not in learn}, {p for p in pairs if f"B{p[0]}" not in learn})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("--splits", type=int, default=5)
    parser.add_argument("sets", nargs="*")
    options = parser.parse_args()
    every = directions(options.directory, ROOT / "packages" / "minilm-l6")
    with tempfile.TemporaryDirectory(prefix="pmatch-bench-") as work:
        for name in options.sets or SETS:
            values = list(measure(name, every, options, pathlib.Path(work)))
            print(f"{name:15} B > A  {MODES[name][2]:11} F1 held out {statistics.mean(values):.3f} "
                  f"({min(values):.3f} to {max(values):.3f})", flush=True)


if __name__ == "__main__":
    main()
