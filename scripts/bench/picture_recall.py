"""hit@1/5/10 with 95 % intervals of the picture recipes: the network's space (preset image), the colours
(builtin:colour), and both with the points of the best 20 (preset picture).

grocery: 81 iconic photos are the catalog, the photos of a split the queries, truth by class. Weights and settings
were chosen on `train` and the sets below; `val` judges.
fashion: every photo queries the others, truth by article type, and by article type and colour.
eshop: photos cut, framed, mirrored, … (picture_variants.py) find the photo they were made from, by kind of change.

Data: GroceryStoreDataset (github.com/marcusklasson/GroceryStoreDataset), MIT; Fashion Product Images (small), MIT;
dotnet/eShop, MIT.
Usage: .venv/bin/python scripts/bench/picture_recall.py [SET…] [--split val|train] [--every N]
"""
import argparse
import collections
import csv
import json
import pathlib

import grocery
import picture_variants
from common import DATA, PACKAGES, need, pmatch, workspace
from grocery import write_table

# The same weights of the network through Pillow, the reference module and numpy, on `val`.
REFERENCE = (.389, .709, .807)
PRESETS = ("image", "colour", "picture")
CUTS = (1, 5, 10)


def rows_of(path):
    with open(path, newline="", encoding="utf-8") as source:
        return list(csv.DictReader(source))


def collection(work, root):
    shop = work / "shop"
    pmatch("ingest", shop, work / "catalog.csv", "--image-root", root)
    pmatch("embed", shop, "--model", PACKAGES / "efficientnet-lite0")
    pmatch("embed", shop, "--model", "builtin:colour")
    pmatch("embed", shop, "--model", "builtin:local")
    pmatch("build-index", shop)
    return shop


def row_text(metrics, intervals):
    cells = []
    for k in CUTS:
        low, high = intervals[f"hit@{k}"]
        cells.append(f"{metrics[f'hit@{k}']:.3f} ({low:.3f}–{high:.3f})")
    return "  ".join(cells)


def measure(title, shop, work, root, *more):
    print(f"{title:34}  {'  '.join(f'hit@{k:<16}' for k in CUTS)}")
    found = {}
    for preset in PRESETS:
        out, _ = pmatch("evaluate", shop, "--queries", work / "queries.csv", "--truth", work / "truth.csv",
                        "--image-root", root, "--preset", preset, "--format", "json", *more)
        result = found[preset] = json.loads(out)
        print(f"  {preset:32}  {row_text(result['metrics'], result['intervals'])}", flush=True)
    single = [max(found[p]["metrics"][f"hit@{k}"] for p in PRESETS[:2]) for k in CUTS]
    beyond = [found["picture"]["metrics"][f"hit@{k}"] - best for k, best in zip(CUTS, single)]
    print(f"  {'picture beside the better list':32}  " + "  ".join(f"{x:+.3f}" + " " * 15 for x in beyond), flush=True)
    return found


def recall_of_grocery(work, options):
    data = grocery.folder()
    photos = grocery.photos(data, options.split)[::options.every]
    grocery.write_catalog(work, data)
    grocery.write_queries(work, photos)
    shop = collection(work, data)
    found = measure(f"grocery {options.split}, {len(photos)} photos", shop, work, data, "--by", "kind")
    for kind in ("packages", "loose"):
        for preset in PRESETS:
            part = [s for s in found[preset]["slices"] if s["value"] == kind][0]["metrics"]
            print(f"  {kind + ' ' + preset:32}  " + "  ".join(f"{part[f'hit@{k}']:.3f}" + " " * 16 for k in CUTS))
    if options.split == "val" and options.every == 1:
        print(f"  {'image by Pillow and torch':32}  " + "  ".join(f"{x:.3f}" + " " * 16 for x in REFERENCE))


def recall_of_fashion(work, options):
    data = need(DATA / "image" / "fashion", "Fashion Product Images (small)")
    items = rows_of(data / "catalog.csv")
    write_table(work / "catalog.csv", ["id", "image"], [[r["id"], r["image"]] for r in items])
    shop = collection(work, data)
    for title, columns in (("article type", ["article_type"]), ("type and colour", ["article_type", "colour"])):
        alike = collections.defaultdict(list)
        for row in items:
            alike[tuple(row[c] for c in columns)].append(row["id"])
        groups = {row["id"]: alike[tuple(row[c] for c in columns)] for row in items}
        asked = [row for row in items if len(groups[row["id"]]) > 1][::options.every]
        write_table(work / "queries.csv", ["id", "image"], [[r["id"], r["image"]] for r in asked])
        write_table(work / "truth.csv", ["query", "item"],
              [[r["id"], other] for r in asked for other in groups[r["id"]] if other != r["id"]])
        measure(f"fashion by {title}, {len(asked)} photos", shop, work, data, "--exclude-self")


def recall_of_eshop(work, options):
    data = need(DATA / "image" / "eshop", "dotnet/eShop")
    photos = [[r["id"], r["image"].replace("Pics/", "pics/")] for r in rows_of(data / "catalog.csv")]
    write_table(work / "catalog.csv", ["id", "image"], photos)
    write_table(work / "asked.csv", ["id", "image"], photos[::options.every])
    picture_variants.make(work / "asked.csv", data, work, seed=1)
    shop = collection(work, data)
    found = measure("eshop, changed photos", shop, work, work, "--by", "change")
    for change in picture_variants.CHANGES:
        parts = [[s for s in found[p]["slices"] if s["value"] == change][0]["metrics"]["hit@1"] for p in PRESETS]
        print(f"  {change + ', hit@1':32}  " + "  ".join(f"{p} {x:.3f}" for p, x in zip(PRESETS, parts)))


SETS = {"grocery": recall_of_grocery, "fashion": recall_of_fashion, "eshop": recall_of_eshop}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", metavar="SET", help="grocery, fashion, eshop [default: all]")
    parser.add_argument("--split", choices=("val", "train"), default="val")
    parser.add_argument("--every", type=int, default=1, help="take every Nth query")
    options = parser.parse_args()
    for name in options.sets or SETS:
        with workspace() as folder:
            SETS[name](pathlib.Path(folder), options)


if __name__ == "__main__":
    main()
