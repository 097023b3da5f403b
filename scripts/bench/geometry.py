"""Local features and the geometry check (docs/geometry.md).

geometry.py speed   milliseconds of keypoints a picture and of the check of 20 candidates a query, beside
                    Python + OpenCV doing the same work, and whether both find the same inliers
geometry.py choose  hit@1/5/10 on every 8th training photo of the Grocery Store Dataset against its 81 icons, for
                    several weights and depths of `verify`: what the default was chosen from
geometry.py judge   the same for the default on the photos of `val`, which chose nothing

Data: GroceryStoreDataset (github.com/marcusklasson/GroceryStoreDataset), MIT.
Build first: cmake --build --preset release --target pmatch pmatch_geometry
Usage: .venv/bin/python scripts/bench/geometry.py speed [--runs 3] [--queries 100]; needs opencv-python-headless, Pillow
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import time

from common import PACKAGES, binary, evaluate, pmatch, workspace
from grocery import folder as grocery_folder
from grocery import icons, photos, write_catalog, write_queries

SIDE, ENLARGED, CONTRAST, CANDIDATES = 600, 2, .01, 20
ITEM_KEYPOINTS, QUERY_KEYPOINTS = 500, 1000
RATIO, TOLERANCE, SCALES, BY_CHANCE = .9, 8, (.1, 8), 4
WEIGHTS = (0, .02, .05, .08, .1, .15, .2, .3)
DEPTHS = (10, 20, 40)
EVERY = 8


def python_keypoints(cv2, numpy, path, most):
    """(points n x 2, RootSIFT n x 128), seconds without decoding. OpenCV doubles the picture first; half of it is given
    to OpenCV, so that both search one of the same size."""
    from PIL import Image, ImageOps
    with Image.open(path) as picture:
        pixels = numpy.asarray(ImageOps.exif_transpose(picture).convert("RGB"))
    start = time.perf_counter()
    gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    scale = min(ENLARGED, SIDE / max(gray.shape)) / 2
    if scale != 1:
        size = [max(1, round(side * scale)) for side in gray.shape[::-1]]
        gray = cv2.resize(gray, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    found, sift = cv2.SIFT_create(most, 3, CONTRAST).detectAndCompute(gray, None)
    if sift is None:
        return numpy.zeros((0, 2), "float32"), numpy.zeros((0, 128), "float32"), time.perf_counter() - start
    points = 2 * numpy.float32([one.pt for one in found])
    root = numpy.sqrt(sift / numpy.maximum(sift.sum(axis=1, keepdims=True), 1e-9))
    return points, numpy.rint(512 * root).clip(0, 255).astype("float32"), time.perf_counter() - start


def python_inliers(cv2, numpy, item, query):
    """The work of core/vision/geometry.cpp with OpenCV's matcher."""
    if len(item[1]) == 0 or len(query[1]) < 2:
        return 0
    matcher = cv2.BFMatcher(cv2.NORM_L2)
    there = matcher.knnMatch(item[1], query[1], 2)
    back = {m.queryIdx: m.trainIdx for m in matcher.match(query[1], item[1])}
    pairs = [a for a, b in there if a.distance < RATIO * b.distance and back[a.trainIdx] == a.queryIdx]
    if len(pairs) <= BY_CHANCE:
        return 0
    source = item[0][[m.queryIdx for m in pairs]]
    target = query[0][[m.trainIdx for m in pairs]]
    matrix, inside = cv2.estimateAffinePartial2D(source, target, method=cv2.RANSAC,
                                                 ransacReprojThreshold=TOLERANCE)
    if matrix is None or not SCALES[0] <= numpy.hypot(matrix[0, 0], matrix[1, 0]) <= SCALES[1]:
        return 0
    return int(inside.sum())


def python_run(items, queries):
    import cv2
    import numpy
    cv2.setNumThreads(2)
    known = [python_keypoints(cv2, numpy, path, ITEM_KEYPOINTS)[:2] for path in items]
    keypoints = verify = 0
    inliers = []
    for number, path in enumerate(queries):
        *query, seconds = python_keypoints(cv2, numpy, path, QUERY_KEYPOINTS)
        keypoints += seconds
        start = time.perf_counter()
        for i in range(CANDIDATES):
            item = known[(number * CANDIDATES + i) % len(known)]
            inliers.append(python_inliers(cv2, numpy, item, query))
        verify += time.perf_counter() - start
    return {"keypoints_ms": 1000 * keypoints / len(queries), "verify_ms": 1000 * verify / len(queries),
            "inliers": inliers}


def speed(options):
    grocery = grocery_folder()
    items = [str(grocery / path) for _, _, path in icons(grocery)]
    queries = [str(grocery / path) for path, _ in photos(grocery, "train")[::26][:options.queries]]
    runs = []
    with workspace() as folder:
        lists = [pathlib.Path(folder) / name for name in ("items", "queries")]
        for file, paths in zip(lists, (items, queries)):
            file.write_text("".join(path + "\n" for path in paths))
        for _ in range(options.runs):
            done = subprocess.run([binary("pmatch_geometry"), *map(str, lists), "2"], check=True,
                                  capture_output=True, text=True)
            runs.append((json.loads(done.stdout), python_run(items, queries)))
    print(f"{len(queries)} photos, {CANDIDATES} candidates each, two threads; median of {options.runs} interleaved "
          "runs")
    for name, what in (("keypoints_ms", "keypoints, ms a picture"), ("verify_ms", "20 candidates, ms a query")):
        own = statistics.median(mine[name] for mine, _ in runs)
        other = statistics.median(python[name] for _, python in runs)
        ratio = statistics.median(python[name] / mine[name] for mine, python in runs)
        print(f"{what:28} pmatch {own:7.2f}   Python + OpenCV {other:7.2f}   ratio {ratio:.2f}")
    mine, python = runs[0]
    pairs = list(zip(mine["inliers"], python["inliers"]))
    near = sum(abs(a - b) <= max(2, .2 * max(a, b)) for a, b in pairs)
    print(f"inliers: {near} of {len(pairs)} pairs alike (within 2, or a fifth: OpenCV draws its guesses by lot); runs of "
          f"pmatch {'are' if all(run['inliers'] == mine['inliers'] for run, _ in runs) else 'ARE NOT'} the same")


def make_collection(work, grocery):
    write_catalog(work, grocery)
    shop = work / "shop"
    pmatch("ingest", shop, work / "catalog.csv", "--image-root", grocery)
    pmatch("embed", shop, "--model", PACKAGES / "efficientnet-lite0")
    pmatch("embed", shop, "--model", "builtin:local", "--space", "local")
    pmatch("build-index", shop)
    return shop


def hits(work, grocery, shop, verify):
    preset = work / "preset.jsonc"
    recipe = {"lists": [{"source": "image"}]}
    if verify is not None:
        recipe["verify"] = verify
    preset.write_text(json.dumps(recipe))
    metrics = evaluate(shop, work / "queries.csv", work / "truth.csv", "--preset", preset, "--image-root", grocery)
    return "/".join(f"{metrics[f'hit@{k}']:.3f}" for k in (1, 5, 10))


def on_photos(chosen_of, settings):
    grocery = grocery_folder()
    with workspace() as folder:
        work = pathlib.Path(folder)
        shop = make_collection(work, grocery)
        write_queries(work, chosen_of(grocery))
        print("hit@1/5/10")
        print(f"{'network alone':32}{hits(work, grocery, shop, None)}")
        for setting in settings:
            name = ", ".join(f"{key} {value}" for key, value in setting.items()) or "verify as by default"
            print(f"{name:32}{hits(work, grocery, shop, setting)}")


def choose(_):
    settings = [{"top": 20, "weight": weight} for weight in WEIGHTS] + \
               [{"top": depth, "weight": .15} for depth in DEPTHS]
    on_photos(lambda grocery: photos(grocery, "train")[::EVERY], settings)


def judge(_):
    on_photos(lambda grocery: photos(grocery, "val"), [{}])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("speed", "choose", "judge"))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--queries", type=int, default=100)
    options = parser.parse_args()
    {"speed": speed, "choose": choose, "judge": judge}[options.what](options)


if __name__ == "__main__":
    main()
