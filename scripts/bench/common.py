"""Helpers of the benchmarks: paths, running pmatch, printing tables."""
import csv
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = pathlib.Path(os.environ.get("PMATCH_DATA", ROOT.parent / "shared" / "data"))
PACKAGES = ROOT / "packages"


def binary(name="pmatch"):
    """The release build unless $PMATCH_BUILD names another build directory."""
    path = pathlib.Path(os.environ.get("PMATCH_BUILD", ROOT / "build" / "release")) / name
    if not path.exists():
        sys.exit(f"{path} is not there: cmake --preset release && cmake --build --preset release "
                 f"--target {name}")
    return path


def need(path, what):
    """Ends the script, saying so, where the data is absent."""
    if not path.exists():
        print(f"skipped: {path} is not there ({what}); set PMATCH_DATA")
        sys.exit(0)
    return path


def pmatch(*arguments, ok=(0,)):
    """Runs pmatch; its stdout and stderr."""
    done = subprocess.run([binary(), *map(str, arguments)], capture_output=True, text=True)
    if done.returncode not in ok:
        sys.exit(f"pmatch {' '.join(map(str, arguments))}: exit {done.returncode}\n{done.stderr}")
    return done.stdout, done.stderr


def evaluate(collection, queries, truth, *more, ok=(0,)):
    """The metrics object of `pmatch evaluate --format json`."""
    out, _ = pmatch("evaluate", collection, "--queries", queries, "--truth", truth, "--format",
                    "json", *more, ok=ok)
    return json.loads(out)["metrics"]


def workspace():
    return tempfile.TemporaryDirectory(prefix="pmatch-bench-")


def joined_texts(table):
    """All columns but the id joined by one space, empty cells left out, as pmatch does it."""
    with open(table, newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        next(rows)
        return [" ".join(cell for cell in row[1:] if cell) for row in rows]


def median_and_range(values):
    return f"{statistics.median(values):8.1f}  ({min(values):.1f} to {max(values):.1f})"


def embed_rate(stderr):
    """items/s of the summary line of `pmatch embed`."""
    return float(re.search(r"\(([\d.]+) items/s\)", stderr).group(1))
