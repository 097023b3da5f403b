"""The Grocery Store Dataset (github.com/marcusklasson/GroceryStoreDataset, MIT) for the benchmarks: 81 iconic photos
are a catalog, photos of a split its queries, truth by class."""
import csv

from common import DATA, need


def folder():
    return need(DATA / "image" / "grocery", "GroceryStoreDataset")


def icons(grocery):
    """(class, name, path) of each icon."""
    with open(grocery / "classes.csv", newline="") as file:
        return [(row["Class ID (int)"], row["Class Name (str)"], row["Iconic Image Path (str)"].lstrip("/"))
                for row in csv.DictReader(file)]


def photos(grocery, split):
    """(path, class) of each photo."""
    with open(grocery / f"{split}.txt") as file:
        return [tuple(part.strip() for part in line.split(",")[:2]) for line in file]


def write_table(path, header, rows):
    with open(path, "w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(header)
        writer.writerows(rows)


def write_catalog(work, grocery):
    write_table(work / "catalog.csv", ["id", "title", "image"], icons(grocery))


def write_queries(work, chosen):
    """queries.csv and truth.csv of (path, class) in `chosen`."""
    # The first part of the path says what it is: packages, or loose fruit and vegetables.
    write_table(work / "queries.csv", ["id", "image", "kind"],
                [[path, path, "packages" if "/Packages/" in path else "loose"] for path, _ in chosen])
    write_table(work / "truth.csv", ["query", "item"], chosen)
