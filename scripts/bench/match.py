"""`pmatch match` of 44,446 titles with themselves, top 20, compared with an equivalent faiss-cpu and NumPy script:
both read the stored vectors, search all pairs, and write every pair once with its score. Runs alternate; the ratio is
the median over the rounds, above 1 if pmatch is faster. Also prints the peak resident memory of both.

Then duplicates in picture catalogs: the groups of byte-identical pictures among 1,751 product photos, and the
near-duplicates that come with imagededup.

Data: titles-44k.csv and images/ of the Fashion Product Images (small) set; the test pictures of imagededup.
Usage: .venv/bin/python scripts/bench/match.py [--keep DIRECTORY] [--rounds 3] [speed] [groups]
"""
import argparse
import collections
import csv
import hashlib
import itertools
import os
import pathlib
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

from common import DATA, PACKAGES, binary, need, pmatch

TOP = 20
PEER = '''
import sys
import faiss, h5py, numpy
with h5py.File(sys.argv[1]) as file:
    vectors = file["vectors"][:]
ids = open(sys.argv[2]).read().split("\\n")
index = faiss.IndexFlatIP(vectors.shape[1])
index.add(vectors)
scores, found = index.search(vectors, {k})
own = numpy.arange(len(vectors))[:, None]
scores, found = [numpy.concatenate(parts) for parts in zip(*(
    (s[f != n][:{top}], numpy.stack([numpy.full({top}, n), f[f != n][:{top}]], 1))
    for n, (s, f) in enumerate(zip(scores, found))))]
found.sort(axis=1)
keys, first = numpy.unique(found[:, 0] * len(vectors) + found[:, 1], return_index=True)
order = numpy.argsort(-scores[first], kind="stable")
with open(sys.argv[3], "w") as out:
    out.write("query,item,score\\n")
    out.writelines(f"{{ids[a]}},{{ids[b]}},{{s:.6f}}\\n" for (a, b), s in zip(found[first][order].tolist(), scores[first][order].tolist()))
'''


def timed(*command):
    """Seconds and peak resident MB of a program."""
    start = time.perf_counter()
    process = subprocess.Popen(list(map(str, command)), stderr=subprocess.PIPE, text=True)
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{command[0]}: exit {status}\n{said}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024, said


def speed(work, rounds):
    titles = need(DATA / "image" / "fashion" / "titles-44k.csv", "Fashion Product Images (small)")
    shop = work / "titles"
    if not (shop / "collection.json").exists():
        pmatch("ingest", shop, titles, "--text", "title")
        pmatch("embed", shop, "--model", PACKAGES / "minilm-l6")
    pmatch("build-index", shop, "--layout", "Flat")
    rows = sqlite3.connect(shop / "items.sqlite").execute("SELECT id FROM items ORDER BY row").fetchall()
    (work / "ids.txt").write_text("\n".join(row[0] for row in rows))
    (work / "peer.py").write_text(PEER.format(k=TOP + 1, top=TOP))
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(timed(binary(), "match", shop, "--preset", "text", "--mode", "all", "--top", TOP, "-o", work / "ours.csv"))
        theirs.append(timed(sys.executable, work / "peer.py", shop / "embeddings" / "text.h5", work / "ids.txt",
                            work / "theirs.csv"))
        print(f"  pmatch {ours[-1][0]:6.1f} s {ours[-1][1]:6.0f} MB   faiss-cpu + numpy {theirs[-1][0]:6.1f} s "
              f"{theirs[-1][1]:6.0f} MB   {ours[-1][2].strip().splitlines()[-1]}", flush=True)
    pairs = [{tuple(line.split(",")[:2]) for line in open(work / name)} for name in ("ours.csv", "theirs.csv")]
    pairs = [{tuple(sorted(pair)) for pair in some} for some in pairs]
    ratio = statistics.median(their[0] / our[0] for our, their in zip(ours, theirs))
    print(f"{len(rows)} titles, top {TOP}: ratio {ratio:.2f} (wanted 0.9 or more), peak {max(o[1] for o in ours):.0f} MB "
          f"(wanted 2,048 or less); {len(pairs[0])} and {len(pairs[1])} pairs, {len(pairs[0] & pairs[1])} in both")


def groups_of(collection, *options):
    out, said = pmatch("match", collection, "--preset", "image", *options, ok=(0, 3))
    found = collections.defaultdict(set)
    for row in csv.DictReader(out.splitlines()):
        found[row["group"]].add(row["item"])
    return list(found.values()), said.strip().splitlines()[-1]


def picture_collection(work, name, source, *options):
    shop = work / name
    if not (shop / "collection.json").exists():
        pmatch("ingest", shop, source, *options, ok=(0, 3))
        pmatch("embed", shop, "--model", PACKAGES / "efficientnet-lite0", ok=(0, 3))
        pmatch("build-index", shop)
    return shop


def groups(work):
    folder = need(DATA / "image" / "fashion", "Fashion Product Images (small)")
    shop = picture_collection(work, "fashion", folder / "catalog.csv")
    same = collections.defaultdict(set)
    for item, path in sqlite3.connect(shop / "items.sqlite").execute(
            "SELECT id, path FROM pictures JOIN items USING (row)"):
        same[hashlib.sha256(pathlib.Path(path).read_bytes()).digest()].add(item)
    wanted = [items for items in same.values() if len(items) > 1]
    found, said = groups_of(shop, "--threshold", ".9999")
    whole = sum(any(items <= group for group in found) for items in wanted)
    exact = sum(items in found for items in wanted)
    print(f"byte-identical pictures: {whole} of {len(wanted)} groups found, {exact} of them with nothing else; {said}")

    folder = need(DATA / "image" / "imagededup" / "tests" / "data", "imagededup's test pictures")
    shop = picture_collection(work, "imagededup", folder)
    items = set(row[0] for row in sqlite3.connect(shop / "items.sqlite").execute("SELECT id FROM items"))
    out, _ = pmatch("ledger", shop, "--format", "tsv")
    items -= {row["item"] for row in csv.DictReader(out.splitlines(), delimiter="\t")}
    scene = {item: found.group() for item in items if (found := re.search(r"ukbench\d+", item))}
    scene["alpha_channel_image"] = "ukbench00120"
    alike = {frozenset(pair) for pair in itertools.combinations(scene, 2) if scene[pair[0]] == scene[pair[1]]}
    print(f"imagededup: {len(items)} readable pictures, {len(alike)} pairs of one scene (copies, other formats, resized, "
          "rotated, mirrored, grey)")
    for threshold in (".95", ".9", ".8", ".7", ".6", ".5"):
        out, _ = pmatch("match", shop, "--preset", "image", "--mode", "all", "--threshold", threshold, ok=(0, 3))
        found = {frozenset((row["query"], row["item"])) for row in csv.DictReader(out.splitlines())}
        print(f"  threshold {threshold}: {len(found & alike)} of these pairs found, {len(found - alike)} others")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("what", nargs="*", choices=["speed", "groups", []], default=[])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pmatch-bench-") as temporary:
        work = options.keep or pathlib.Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        if not options.what or "speed" in options.what:
            speed(work, options.rounds)
        if not options.what or "groups" in options.what:
            groups(work)


if __name__ == "__main__":
    main()
