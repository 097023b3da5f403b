"""hit@1/5/10 of efficientnet-lite0 on the Grocery Store Dataset: 81 iconic photos are the catalog,
the 296 photos of its `val` split the queries, truth by class.

Data: GroceryStoreDataset (github.com/marcusklasson/GroceryStoreDataset), MIT.
Usage: .venv/bin/python scripts/bench/picture_recall.py
"""
import csv
import pathlib

from common import DATA, PACKAGES, evaluate, need, pmatch, workspace

# The same weights through Pillow, the reference module and numpy.
REFERENCE = (.389, .709, .807)


def write_catalog(grocery, work):
    with open(grocery / "classes.csv", newline="") as source, open(work / "catalog.csv", "w") as out:
        rows = csv.writer(out)
        rows.writerow(["id", "title", "image"])
        for row in csv.DictReader(source):
            rows.writerow([row["Class ID (int)"], row["Class Name (str)"],
                           row["Iconic Image Path (str)"].lstrip("/")])


def write_queries(grocery, work):
    with open(grocery / "val.txt") as source, open(work / "queries.csv", "w") as queries, \
            open(work / "truth.csv", "w") as truth:
        query_rows, truth_rows = csv.writer(queries), csv.writer(truth)
        query_rows.writerow(["id", "image"])
        truth_rows.writerow(["query", "item"])
        for line in source:
            path, fine, _ = (part.strip() for part in line.split(","))
            query_rows.writerow([path, path])
            truth_rows.writerow([path, fine])


def main():
    grocery = need(DATA / "image" / "grocery", "GroceryStoreDataset")
    with workspace() as folder:
        work = pathlib.Path(folder)
        write_catalog(grocery, work)
        write_queries(grocery, work)
        pmatch("ingest", work / "shop", work / "catalog.csv", "--image-root", grocery)
        pmatch("embed", work / "shop", "--model", PACKAGES / "efficientnet-lite0")
        pmatch("build-index", work / "shop")
        metrics = evaluate(work / "shop", work / "queries.csv", work / "truth.csv", "--preset",
                           "image", "--image-root", grocery)
    found = [metrics[f"hit@{k}"] for k in (1, 5, 10)]
    print("                 hit@1  hit@5  hit@10")
    print("pmatch           " + "  ".join(f"{x:.3f}" for x in found))
    print("Pillow + torch   " + "  ".join(f"{x:.3f}" for x in REFERENCE))


if __name__ == "__main__":
    main()
