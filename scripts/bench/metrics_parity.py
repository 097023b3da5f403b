"""Compares the metrics of `pmatch evaluate` on real runs of minilm-l6 with ir_measures, ranx and NumPy.

Abt-Buy, Walmart-Amazon and WDC Products (750 offers, 3,022 queries, without its column cluster_id).
Runs are kept in DIRECTORY, so that texts are embedded only the first time.

Data: the first two as pyJedAI distributes them, the third as SC-Block does.
Usage: .venv/bin/python scripts/bench/metrics_parity.py [DIRECTORY] [SET…]
"""
import collections
import csv
import importlib.util
import json
import pathlib
import sys

import metric_references as references
from common import DATA, PACKAGES, need, pmatch, workspace

AT = [1, 5, 10, 50]
THRESHOLD = 0.8
SETS = {"abt-buy": ("matches.csv", None), "walmart-amazon": ("matches.csv", None),
        "wdc-b": ("matches_cluster.csv", "brand,title,description,price,pricecurrency")}


def make_run(folder, text, file, collection):
    columns = [] if text is None else ["--text", text]
    pmatch("ingest", collection, folder / "tableA.csv", *columns)
    pmatch("embed", collection, "--model", PACKAGES / "minilm-l6")
    pmatch("build-index", collection)
    answers, _ = pmatch("query", collection, "--queries", folder / "tableB.csv", "--preset", "text",
                        "--format", "trec", "--top", "100", *columns, ok=(0, 3))
    file.write_text(answers)


def read_run(file):
    run = collections.defaultdict(list)
    for line in file.read_text().splitlines():
        query, _, item, _, score, _ = line.split()
        run[query].append((item, float(score)))
    return run


def check(name, work):
    matches, text = SETS[name]
    folder = need(DATA / "text" / name, f"the set {name}")
    file = work / f"{name}.trec"
    if not file.exists():
        make_run(folder, text, file, work / f"{name}-collection")
    run, truth = read_run(file), collections.defaultdict(dict)
    with open(folder / matches, newline="", encoding="utf-8") as pairs:
        for row in csv.DictReader(pairs):
            truth[row["idB"]][row["idA"]] = 1
    out, _ = pmatch("evaluate", "--run", file, "--truth", folder / matches, "--truth-columns", "idB,idA",
                    "--at", ",".join(map(str, AT)), "--threshold", THRESHOLD, "--format", "json")
    ours = json.loads(out)["metrics"]
    asked = {q: items for q, items in truth.items() if q in run}
    peers = {"ir_measures": references.ir_measures_values(asked, run, AT),
             "numpy": references.pair_values(asked, run, AT, THRESHOLD)}
    if importlib.util.find_spec("ranx") is not None:
        peers["ranx"] = references.ranx_values(asked, run, AT)
    worst = {peer: references.largest_difference(ours, values)[0] for peer, values in peers.items()}
    print(f"{name:15} {len(run):6} queries, {len(asked):5} scored, recall@1 {ours['recall@1']:.4f}, f1 "
          f"{ours['f1']:.4f}; largest difference: "
          + ", ".join(f"{peer} {value:.0e} ({len(peers[peer])} metrics)" for peer, value in worst.items()),
          flush=True)
    return max(worst.values()) <= references.TOLERANCE


def main():
    names = [name for name in sys.argv[2:] or SETS]
    with workspace() as temporary:
        work = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else temporary)
        work.mkdir(parents=True, exist_ok=True)
        sys.exit(0 if all([check(name, work) for name in names]) else 1)


if __name__ == "__main__":
    main()
