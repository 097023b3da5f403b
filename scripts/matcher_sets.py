"""The public training sets of the matcher, in both directions: collections with all lists of the preset `matcher`,
and the features computed by pmatch."""
import csv
import os
import pathlib
import subprocess
import sys

import numpy as np

from matcher_pool import read_features

ROOT = pathlib.Path(__file__).resolve().parents[1]
DATA = pathlib.Path(os.environ.get("PMATCH_DATA", ROOT.parent / "shared" / "data"))
SETS = {  # the text's columns (empty: all), the title's column, the matches
    "abt-buy": ("", "name", "matches.csv"),
    "walmart-amazon": ("", "title", "matches.csv"),
    "wdc-b": ("brand,title,description,price,pricecurrency", "title", "matches_cluster.csv")}


def binary():
    return pathlib.Path(os.environ.get("PMATCH_BUILD", ROOT / "build" / "release")) / "pmatch"


def pmatch(*arguments):
    done = subprocess.run([binary(), *map(str, arguments)], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"pmatch {' '.join(map(str, arguments))}: exit {done.returncode}\n{done.stderr}")
    return done.stdout


def rows_of(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def make_collection(work, name, items, package):
    """`items`: the table, A or B. What is there already is kept."""
    columns, title, _ = SETS[name]
    collection = work / f"{name}-{items}"
    if not (collection / "collection.json").exists():
        table = DATA / "text" / name / f"table{items}.csv"
        pmatch("ingest", collection, table, *(["--text", columns] if columns else []))
    pmatch("embed", collection, "--model", package)
    pmatch("embed", collection, "--model", package, "--source", title, "--space", title)
    pmatch("build-index", collection)
    for source in ("text", title):
        for analyser in ("words", "3gram"):
            pmatch("build-index", collection, "--layout", "bm25", "--source", source, "--analyser", analyser)
    return collection


class Direction:
    """The records of one table as queries, those of the other as items."""

    def __init__(self, work, name, items, package, again=False):
        self.name, self.items, self.queries = name, items, "B" if items == "A" else "A"
        folder = DATA / "text" / name
        features = work / f"features-{name}-{items}"
        if again or not features.exists():
            sides = [make_collection(work, name, side, package) for side in (items, self.queries)]
            pmatch("match", *sides, "--preset", "matcher", "--top", 1, "--features", features)
        number, place = ({row["id"]: i for i, row in enumerate(rows_of(folder / f"table{side}.csv"))}
                         for side in (self.queries, items))
        self.truth, self.group = {}, {}
        for row in rows_of(folder / SETS[name][2]):
            query = number[row[f"id{self.queries}"]]
            self.truth.setdefault(query, set()).add(place[row[f"id{items}"]])
            self.group.setdefault(query, row["idA"])  # wdc-b: a product's only offer in the catalog
        self.pool = read_features(features, self.truth)
        self.scored = np.array(sorted(self.truth))
        self.reached = len(np.unique(self.pool.query[self.pool.hit])) / len(self.scored)

    def of_groups(self, groups):
        return np.array([q for q in self.scored if self.group[q] in groups], int)

    def __str__(self):
        return f"{self.name} {self.queries}>{self.items}"


def directions(work, package, sets=SETS):
    return [Direction(pathlib.Path(work), name, items, package) for name in sets for items in "AB"]
