"""Peak resident memory of `pmatch embed` for 1,000 and for all 44,446 product titles.

Data: titles of Fashion Product Images (small), kaggle.com/paramaggarwal, MIT.
Usage: .venv/bin/python scripts/bench/memory.py
"""
import itertools
import os
import pathlib
import subprocess

from common import DATA, PACKAGES, binary, need, pmatch, workspace


def peak_mb(work, source, items):
    catalog = work / f"catalog-{items}.csv"
    with open(source, encoding="utf-8") as lines, open(catalog, "w", encoding="utf-8") as out:
        out.writelines(itertools.islice(lines, items + 1) if items else lines)
    collection = work / f"shop-{items}"
    pmatch("ingest", collection, catalog, "--text", "title")
    process = subprocess.Popen([binary(), "embed", collection, "--model", PACKAGES / "minilm-l6"])
    _, status, usage = os.wait4(process.pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    return usage.ru_maxrss / 1024


def main():
    source = need(DATA / "image" / "fashion" / "titles-44k.csv", "Fashion Product Images titles")
    with workspace() as folder:
        small = peak_mb(pathlib.Path(folder), source, 1000)
        large = peak_mb(pathlib.Path(folder), source, 0)
    print(f"peak resident memory: 1,000 titles {small:.0f} MB, all titles {large:.0f} MB, "
          f"difference {large - small:.0f} MB")


if __name__ == "__main__":
    main()
