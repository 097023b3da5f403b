"""What the torture tests share: a small shop, the steps that make a collection of it, and how two are compared."""
import concurrent.futures
import csv
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
os.environ.setdefault("PMATCH_BINARY", str(ROOT / "build/test/pmatch"))
os.environ.setdefault("PMATCH_TEST_PACKAGES", str(ROOT / "build/test/test-packages"))
os.environ.setdefault("PMATCH_DISK_SHIM", str(ROOT / "build/test/tests/torture/disk_shim.so"))
sys.path.insert(0, str(ROOT / "tests/cli"))
from support import BINARY, PACKAGES, write_png  # noqa: E402

SHIM = os.environ["PMATCH_DISK_SHIM"]
DATA = pathlib.Path(os.environ.get("PMATCH_DATA") or ROOT / "../shared/data").resolve()
LONG = bool(os.environ.get("PMATCH_TORTURE_LONG"))
WORKERS = max(2, os.cpu_count() or 1)
# One thread each: several runs go side by side, and equal threads make equal bytes.
THREADS = ["--threads", "1"]

STEPS = {
    "ingest": ["ingest", "shop", "catalog.csv"],
    "embed": ["embed", "shop", "--model", PACKAGES / "text", "--checkpoint", "0"],
    "embed-image": ["embed", "shop", "--model", PACKAGES / "image", "--checkpoint", "0"],
    "build-index": ["build-index", "shop"],
    "bm25": ["build-index", "shop", "--layout", "bm25"],
    "exact": ["build-index", "shop", "--layout", "exact", "--source", "mpn"],
    "caption": ["caption", "shop", "--model", PACKAGES / "caption", "--view", "single", "--max-tokens", "6",
                "--checkpoint", "0"],
}
ASK = ["query", "shop", "--text", "red mug", "--format", "tsv", "--top", "5"]


def make_shop(directory):
    """Pictures and catalog.csv; with a newer one in newer.csv. One picture is broken: the ledger has a row."""
    for number in range(4):
        write_png(directory / f"{number}.png", 32, 24,
                  lambda x, y, n=number: ((x * (n + 3)) % 256, (y * 7 + 40 * n) % 256, (x + y * n) % 256))
    (directory / "3.png").write_bytes((directory / "3.png").read_bytes()[:90])
    words = "red mug,blue cup,steel lamp,oak chair,white shoe,black boot".split(",")
    for name, items in (("catalog.csv", 12), ("newer.csv", 14)):
        with open(directory / name, "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "title", "price", "mpn", "image"])
            for i in range(items):
                title = f"{words[i % 6]} number {i}" + (" new" if name == "newer.csv" and i == 3 else "")
                writer.writerow([f"p{i}", title, 10 + i, f"M-0{i}", f"{i}.png" if i < 4 else ""])


def run(directory, arguments, shim=None, timeout=300, prefix=()):
    """Runs pmatch; `shim` is the settings of the preloaded library."""
    environment = dict(os.environ)
    if shim is not None:
        environment |= {"LD_PRELOAD": SHIM, "SHIM_DIR": str(directory / "shop")} | shim
    return subprocess.run([*map(str, prefix), str(BINARY), *THREADS, *map(str, arguments)], cwd=directory,
                          env=environment, capture_output=True, text=True, timeout=timeout)


def good(result):
    """Inputs that were skipped, as the broken picture is, are no failure."""
    return result.returncode in (0, 3)


def must(directory, arguments):
    result = run(directory, arguments)
    assert good(result), f"{arguments}: {result.returncode}\n{result.stderr}"
    return result


def doctor(directory, collection="shop"):
    """Findings that are not good; None and what it said when it could not be asked."""
    result = run(directory, ["doctor", collection, "--format", "jsonl"])
    found = [json.loads(line) for line in result.stdout.splitlines()]
    damaged = [line for line in found if line["state"] == "damaged"]
    return (result.returncode == 0 and not damaged and bool(found)), result.stderr + json.dumps(damaged)


def content(collection):
    """Every file's bytes, the directory's own name left out of them (all have equally long names); the manifest
    without what counts the commits."""
    own = str(collection.parent).encode()
    files = {}
    for path in sorted(collection.rglob("*")):
        name = str(path.relative_to(collection))
        if path.is_dir() or name == "collection.lock":
            continue
        files[name] = os.readlink(path) if path.is_symlink() else path.read_bytes().replace(own, b".")
    manifest = json.loads(files.pop("collection.json"))
    for key in ("generation", "checksum"):
        manifest.pop(key)
    for name, record in manifest["files"].items():
        if name.startswith("items/"):
            record.pop("checksum")
    files["collection.json"] = json.dumps(manifest, indent=1, sort_keys=True)
    return files


def difference(left, right):
    """Names of files that differ."""
    return sorted(name for name in left.keys() | right.keys() if left.get(name) != right.get(name))


def not_mended(directory, step, wanted):
    """What is wrong with a shop after a step that was stopped: its collection is not sound, the step run again fails,
    or ends in other bytes than `wanted`. None when all is as it should be."""
    if (directory / "shop" / "collection.json").exists():
        sound, said = doctor(directory)
        if not sound:
            return f"not sound: {said}"
    again = run(directory, STEPS[step])
    if not good(again):
        return f"the next run: {again.stderr}"
    differs = difference(content(directory / "shop"), wanted)
    return f"other bytes in {differs}" if differs else None


def in_parallel(job, tasks):
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(job, tasks))


class TortureTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix=f"pmatch-{self.id().split('.')[-1]}-")).resolve()
        self.addCleanup(shutil.rmtree, self.dir, ignore_errors=True)

    def place(self, name, template):
        """A copy of a directory to break; removed by the caller."""
        target = self.dir / name
        shutil.copytree(template, target, symlinks=True)
        return target
