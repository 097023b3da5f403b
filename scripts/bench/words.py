"""Words read from pictures: how fast, beside the Python package that the weights come from; and what they find.

speed: photos of packages of the Grocery Store Dataset; `pmatch caption --model ppocr-mobile` and RapidOCR with
onnxruntime, both on --threads threads, pictures a second with decoding.
recall: 81 icons are the catalog, the photos of packages of `val` the queries, truth by class: hit@1/5/10 of 3-gram BM25
of what was read on photo and icon, of the same with the icon's title, of the preset `picture`, and of them together,
without and with the comparison point by point (`verify`).
Weights were chosen on --split train.

Data: GroceryStoreDataset (github.com/marcusklasson/GroceryStoreDataset), MIT.
Usage: .venv/bin/python scripts/bench/words.py speed|recall [--threads 2] [--pictures 60] [--split val] [--weights .2,.5,1]
"""
import argparse
import json
import pathlib
import re
import sys
import time

import grocery
from common import PACKAGES, pmatch, workspace

MODEL = PACKAGES / "ppocr-mobile"
CUTS = (1, 5, 10)


def packages_of(data, split):
    return [(path, item) for path, item in grocery.photos(data, split) if "/Packages/" in path]


def captions(collection):
    """The words of each row."""
    texts = {}
    for part in sorted((collection / "captions" / "words").glob("part-*.jsonl")):
        for line in part.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            texts[entry["row"]] = entry.get("caption") or ""
    return texts


def read(work, name, rows, root, threads):
    """Words of each (id, path), and the pictures a second that pmatch says."""
    grocery.write_table(work / f"{name}.csv", ["id", "image"], rows)
    pmatch("--quiet", "ingest", work / name, work / f"{name}.csv", "--image-root", root)
    _, said = pmatch("--threads", threads, "caption", work / name, "--model", MODEL, ok=(0, 3))
    texts = captions(work / name)
    return [texts[row] for row in range(len(rows))], float(re.search(r"\(([\d.]+) pictures/s", said).group(1))


def reference(files, threads):
    """Pictures a second of the Python package, and the words; None where it is not installed."""
    try:
        import cv2
        from rapidocr_onnxruntime import RapidOCR
    except ImportError:
        return None
    cv2.setNumThreads(threads)
    reader = RapidOCR(intra_op_num_threads=threads, inter_op_num_threads=1)
    reader(str(files[0]))
    start = time.perf_counter()
    texts = ["\n".join(text for _, text, _ in reader(str(file))[0] or []) for file in files]
    return len(files) / (time.perf_counter() - start), texts


def measure_speed(options):
    data = grocery.folder()
    chosen = packages_of(data, "val")[: options.pictures]
    files = [data / path for path, _ in chosen]
    with workspace() as folder:
        rates, beside = [], []
        for number in range(options.rounds):
            rows = [[f"{path}", path] for path, _ in chosen]
            texts, rate = read(pathlib.Path(folder), f"round{number}", rows, data, options.threads)
            rates.append(rate)
            theirs = reference(files, options.threads)
            if theirs:
                beside.append(theirs[0])
                same = sum(ours == other for ours, other in zip(texts, theirs[1]))
                print(f"pmatch {rate:.2f}, Python {theirs[0]:.2f} pictures/s; the same text on {same} of {len(files)}", flush=True)
    print(f"{len(files)} pictures, {options.threads} threads: pmatch {max(rates):.2f} pictures/s", end="")
    print(f", Python {max(beside):.2f}: ratio {max(rates) / max(beside):.2f}" if beside else "; RapidOCR is not installed")


def preset(work, name, lists, verify):
    path = work / (re.sub(r"\W+", "-", name) + ".jsonc")
    stage = {"verify": {"space": "local", "top": 20, "weight": 0.15}} if verify else {}
    path.write_text(json.dumps({"description": name, "lists": lists,
                                "fuse": {"method": "wsum", "normalise": "minmax", "depth": 100}, **stage}))
    return path


def measure_recall(options):
    data = grocery.folder()
    chosen = packages_of(data, options.split)[:: options.every]
    icons = grocery.icons(data)
    with workspace() as folder:
        work = pathlib.Path(folder)
        on_icons, _ = read(work, "icons", [[number, image] for number, _, image in icons], data, options.threads)
        on_photos, _ = read(work, "photos", [[str(n), path] for n, (path, _) in enumerate(chosen)], data, options.threads)
        table = [[item, title, image, words.replace("\n", " "), f"{words} {title}".replace("\n", " ")]
                 for (item, title, image), words in zip(icons, on_icons)]
        grocery.write_table(work / "catalog.csv", ["id", "title", "image", "seen", "known"], table)
        asked = [[path, path, words.replace("\n", " "), words.replace("\n", " ")] for (path, _), words in zip(chosen, on_photos)]
        grocery.write_table(work / "queries.csv", ["id", "image", "seen", "known"], asked)
        grocery.write_table(work / "truth.csv", ["query", "item"], chosen)
        shop = work / "shop"
        pmatch("--quiet", "ingest", shop, work / "catalog.csv", "--image-root", data, "--text", "known")
        pmatch("--quiet", "embed", shop, "--model", PACKAGES / "efficientnet-lite0")
        for name in ("colour", "local"):
            pmatch("--quiet", "embed", shop, "--model", f"builtin:{name}", ok=(0, 3))
        pmatch("--quiet", "build-index", shop)
        for column in ("seen", "known"):
            pmatch("--quiet", "build-index", shop, "--layout", "bm25", "--source", column, "--analyser", "3gram")
        print(f"{options.split}: {len(chosen)} photos of packages, {sum(not words for words in on_photos)} without words; "
              f"{sum(not words for words in on_icons)} of {len(icons)} icons without")
        show(work, shop, data, options)


def show(work, shop, data, options):
    seen, known = ({"name": name, "source": name, "kind": "bm25", "analyser": "3gram", "weight": 1, "required": False}
                   for name in ("seen", "known"))
    network = {"name": "network", "source": "image", "space": "image", "weight": 1}
    colour = {"name": "colour", "source": "image", "model": "builtin:colour", "weight": 0.3}
    recipes = {"words": [seen], "words + title": [known], "picture": [network, colour]}
    for weight in map(float, options.weights.split(",")):
        recipes[f"picture, words {weight}"] = [network, colour, {**seen, "weight": weight}]
        recipes[f"picture, words + title {weight}"] = [network, colour, {**known, "weight": weight}]
    for name, lists in recipes.items():
        for verify in (False, True):
            if not verify or network in lists:
                print_row(name + ", verify" * verify, evaluated(work, shop, data, preset(work, name, lists, verify)))


def evaluated(work, shop, data, recipe):
    out, _ = pmatch("evaluate", shop, "--queries", work / "queries.csv", "--truth", work / "truth.csv", "--image-root", data,
                    "--preset", recipe, "--format", "json", ok=(0, 3))
    return json.loads(out)


def print_row(name, result):
    cells = []
    for k in CUTS:
        low, high = result["intervals"][f"hit@{k}"]
        cells.append(f"{result['metrics'][f'hit@{k}']:.3f} ({low:.3f}–{high:.3f})")
    print(f"  {name:36}" + "  ".join(cells), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("speed", "recall"))
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--pictures", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--split", choices=("val", "train"), default="val")
    parser.add_argument("--every", type=int, default=1, help="take every Nth photo")
    parser.add_argument("--weights", default=".2,.5,1,2")
    options = parser.parse_args()
    if not (MODEL / "model.json").is_file():
        sys.exit(f"{MODEL} is not there: scripts/setup.sh makes it")
    {"speed": measure_speed, "recall": measure_recall}[options.what](options)


if __name__ == "__main__":
    main()
