"""Effect of the precision on recall: recall@1/5/10 of the default packages in fp32, bf16 and int8 on public sets, the
largest loss against fp32, and the cosines of the vectors. With --noise instead: the effect of a given loss of cosine,
simulated by adding seeded noise to the vectors of fp32. The second table determines the bound below which a precision
counts as harmless (kHarmlessLoss in models/runtime/auto_precision.hpp).

Data: Abt-Buy and Walmart-Amazon as pyJedAI distributes them, WDC products as SC-Block does (without the column with
the answers), the Grocery Store Dataset (icons and `val`).
Usage: .venv/bin/python scripts/bench/precision_recall.py [--noise] [--set NAME] [--seeds 5]
"""
import argparse
import csv
import pathlib

import h5py
import numpy

import grocery
from common import DATA, PACKAGES, evaluate, need, pmatch, workspace

# How much recall may be lost against fp32.
# Chance turns over near ties: two of Walmart-Amazon's 853 queries are .0023.
ALLOWED = {"fp32": 0, "bf16": .0025, "int8": .01}
AT = (1, 5, 10)
WDC_TEXT = ("--text", "brand,title,description,price,pricecurrency")
TEXTS = {"abt-buy": ("matches.csv", ()), "walmart-amazon": ("matches.csv", ()), "wdc-b": ("matches_cluster.csv", WDC_TEXT)}


def cases(work, only):
    """Of the set `only`, or of all: (name, package, catalog, queries, truth, columns of the truth, flags of ingest)"""
    for name, (truth, flags) in TEXTS.items():
        if only not in (None, name):
            continue
        folder = need(DATA / "text" / name, name)
        for queries, items in ("BA", "AB"):
            yield (f"{name} {queries}>{items}", "minilm-l6", folder / f"table{items}.csv", folder / f"table{queries}.csv",
                   folder / truth, f"id{queries},id{items}", flags)
    if only not in (None, "grocery"):
        return
    data = grocery.folder()
    grocery.write_catalog(work, data)
    grocery.write_queries(work, grocery.photos(data, "val"))
    yield ("grocery val>icons", "efficientnet-lite0", work / "catalog.csv", work / "queries.csv", work / "truth.csv",
           "query,item", ("--image", "image", "--image-root", data))


def embedded(work, name, catalog, package, precision, flags):
    collection = work / name.replace(" ", "-").replace(">", "-") / precision
    collection.parent.mkdir(exist_ok=True)
    pmatch("ingest", collection, catalog, *flags)
    pmatch("embed", collection, "--model", PACKAGES / package, "--device", "cpu", "--precision", precision)
    return collection


def vectors(collection):
    (file,) = (collection / "embeddings").glob("*.h5")
    with h5py.File(file) as content:
        return content["vectors"][:]


def recall_table(work, only):
    print("set                  precision  recall@1  @5     @10    most lost (allowed)     1 - cosine, largest and mean")
    for name, package, catalog, queries, truth, columns, flags in cases(work, only):
        first = base = None
        for precision, allowed in ALLOWED.items():
            if precision == "int8" and package == "efficientnet-lite0":
                continue  # has no linear layers
            collection = embedded(work, name, catalog, package, precision, flags)
            pmatch("build-index", collection)
            root = flags[2:] if package == "efficientnet-lite0" else ()
            metrics = evaluate(collection, queries, truth, "--truth-columns", columns, "--preset",
                               "image" if root else "text", *root)
            found, matrix = [metrics[f"recall@{k}"] for k in AT], vectors(collection)
            first, base = first or found, matrix if base is None else base
            lost = max(a - b for a, b in zip(first, found))
            losses = numpy.clip(1 - (base.astype(float) * matrix).sum(axis=1), 0, None)
            print(f"{name:20} {precision:9}  " + "  ".join(f"{x:.4f}" for x in found)
                  + f"   {max(lost, 0):.4f} ({allowed}){'' if lost <= allowed + 1e-9 else ' TOO MUCH':10}"
                  + f"   {losses.max():.1e}  {losses.mean():.1e}", flush=True)


def ids_of(table):
    with open(table, newline="", encoding="utf-8") as file:
        return [row["id"] for row in csv.DictReader(file)]


def true_rows(truth, columns, query_ids, item_ids):
    """Query's number → numbers of its items."""
    query_at, item_at = ({name: at for at, name in enumerate(ids)} for ids in (query_ids, item_ids))
    query, item = columns.split(",")
    rows = {}
    with open(truth, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row[query] in query_at and row[item] in item_at:
                rows.setdefault(query_at[row[query]], set()).add(item_at[row[item]])
    return rows


def recalls(queries, items, truth):
    which = sorted(truth)
    best = numpy.argsort(-(queries[which] @ items.T), axis=1, kind="stable")[:, :max(AT)]
    return [numpy.mean([len(truth[number] & set(order[:k].tolist())) / len(truth[number]) for number, order in zip(which, best)])
            for k in AT]


def noisy(matrix, loss, random):
    """Unit vectors of which each has a cosine of 1 - loss to its own."""
    noise = random.standard_normal(matrix.shape)
    noise -= (noise * matrix).sum(axis=1, keepdims=True) * matrix
    noise /= numpy.linalg.norm(noise, axis=1, keepdims=True)
    return (1 - loss) * matrix + numpy.sqrt(1 - (1 - loss) ** 2) * noise


def noise_table(work, only, seeds):
    sizes = (1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3)
    print("mean change of recall@1/5/10 over seeds, the largest of the three (largest of any seed)\nset                  "
          + "".join(f"{size:18.0e}" for size in sizes))
    for name, package, catalog, queries, truth, columns, flags in cases(work, only):
        sides = [vectors(embedded(work, f"{name}-{side}", table, package, "fp32", flags))
                 for side, table in (("queries", queries), ("items", catalog))]
        wanted = true_rows(truth, columns, ids_of(queries), ids_of(catalog))
        exact = numpy.array(recalls(*sides, wanted))
        cells = []
        for size in sizes:
            random = numpy.random.default_rng(1)
            changes = [numpy.array(recalls(*(noisy(side, size, random) for side in sides), wanted)) - exact
                       for _ in range(seeds)]
            cells.append(f"{abs(numpy.mean(changes, axis=0)).max():9.4f} ({abs(numpy.array(changes)).max():.4f})")
        print(f"{name:20} " + "  ".join(cells), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--noise", action="store_true")
    parser.add_argument("--set", choices=[*TEXTS, "grocery"], help="only this set")
    parser.add_argument("--seeds", type=int, default=5)
    options = parser.parse_args()
    with workspace() as folder:
        work = pathlib.Path(folder)
        if options.noise:
            noise_table(work, options.set, options.seeds)
        else:
            recall_table(work, options.set)


if __name__ == "__main__":
    main()
