"""Accuracy and speed of fp32, bf16 and int8 on this CPU, for minilm-l6 on Abt-Buy or WDC.

Recall@1/5/10 (queries B, items A), the cosine of every item's vector to its fp32 vector, and texts/s of
`pmatch embed`, interleaved in one run, with the ratio to fp32 taken run by run.

Data: Abt-Buy as pyJedAI distributes it (tableA.csv, tableB.csv, matches.csv); WDC products as SC-Block
distributes them (wdc-b: tableA.csv, tableB.csv, matches_cluster.csv; without the column with the answers).
Usage: .venv/bin/python scripts/bench/precision.py [--runs 3] [--precisions fp32,bf16,int8] [--set abt-buy|wdc-b]
"""
import argparse
import pathlib
import shutil
import statistics

import h5py
import numpy

from common import DATA, PACKAGES, embed_rate, evaluate, median_and_range, need, pmatch, workspace

# How much recall may be lost against fp32.
ALLOWED = {"fp32": 0, "bf16": .002, "int8": .01}
# Flags of ingest; the truth and its columns.
SETS = {"abt-buy": ([], "matches.csv", "idB,idA"),
        "wdc-b": (["--text", "brand,title,description,price,pricecurrency"], "matches_cluster.csv", "idB,idA")}
INSTRUCTIONS = {"bf16": {"avx512_bf16", "amx_bf16", "bf16"},
                "int8": {"avx512_vnni", "avx_vnni", "amx_int8", "i8mm"}}


def say_instructions():
    with open("/proc/cpuinfo") as file:
        lines = file.read().splitlines()
    name = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown")
    flags = set(" ".join(line for line in lines if line.startswith(("flags", "Features"))).split())
    print(f"processor: {name}")
    for kind, wanted in INSTRUCTIONS.items():
        found = sorted(flags & wanted)
        print(f"  {kind} instructions: {', '.join(found) if found else 'none'}")


def embed(work, precision):
    """texts/s of a fresh embedding."""
    collection = work / precision
    shutil.rmtree(collection, ignore_errors=True)
    shutil.copytree(work / "ingested", collection, symlinks=True)
    _, said = pmatch("embed", collection, "--model", PACKAGES / "minilm-l6", "--device", "cpu",
                     "--precision", precision)
    return embed_rate(said)


def vectors(work, precision):
    with h5py.File(work / precision / "embeddings" / "text.h5") as file:
        return file["vectors"][:]


def recall(work, precision, folder):
    pmatch("build-index", work / precision)
    _, truth, columns = SETS[folder.name]
    metrics = evaluate(work / precision, folder / "tableB.csv", folder / truth, "--preset", "text",
                       "--truth-columns", columns)
    return [metrics[f"recall@{k}"] for k in (1, 5, 10)]


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--precisions", default="fp32,bf16,int8")
    parser.add_argument("--set", choices=SETS, default="abt-buy")
    options = parser.parse_args()
    names = options.precisions.split(",")
    folder = need(DATA / "text" / options.set, f"the set {options.set}")
    say_instructions()
    with workspace() as directory:
        work = pathlib.Path(directory)
        pmatch("ingest", work / "ingested", folder / "tableA.csv", *SETS[options.set][0])
        rates = {name: [] for name in names}
        for _ in range(options.runs):
            for name in names:
                rates[name].append(embed(work, name))
        base = vectors(work, names[0])
        first = recall(work, names[0], folder)
        print(f"\n{len(base)} texts, {options.runs} runs; ratio: median of the runs' ratios to {names[0]}")
        print("precision  texts/s, median (range)      ratio  recall@1  @5     @10    most lost (allowed)   "
              "cosine, least and mean")
        for name in names:
            ratio = statistics.median(a / b for a, b in zip(rates[name], rates[names[0]]))
            found = first if name == names[0] else recall(work, name, folder)
            lost = max(a - b for a, b in zip(first, found))
            cosines = (base * vectors(work, name)).sum(axis=1)
            verdict = "" if lost <= ALLOWED[name] + 1e-9 else "  TOO MUCH"
            print(f"{name:9}  {median_and_range(rates[name]):28} {ratio:5.2f}  "
                  + "  ".join(f"{x:.3f}" for x in found)
                  + f"   {max(lost, 0):.4f} ({ALLOWED[name]}){verdict}      {cosines.min():.5f}  "
                  f"{numpy.mean(cosines):.5f}", flush=True)


if __name__ == "__main__":
    main()
