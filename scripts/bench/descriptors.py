"""Pictures a second of `pmatch embed --model builtin:colour`, decoding included, beside a Python script that does the
same work with OpenCV and NumPy in as many processes. Interleaved runs; medians, and the ratio run by run.

Pictures are made here: JPEG of 600 x 600, half of them products on white, half photos without a plain background.
Python: opencv-python-headless and numpy beside Pillow; without OpenCV its half is skipped.
Usage: .venv/bin/python scripts/bench/descriptors.py [--pictures 1000] [--threads 2] [--runs 3]
"""
import argparse
import csv
import multiprocessing
import pathlib
import statistics
import time

import numpy
from PIL import Image

from common import embed_rate, median_and_range, pmatch, workspace

SIDE, LONGEST, BINS = 600, 128, (4, 10, 10)


def make_pictures(folder, count):
    rng = numpy.random.default_rng(1)
    for number in range(count):
        rough = Image.fromarray(rng.integers(0, 256, (12, 12, 3), dtype=numpy.uint8))
        picture = rough.resize((SIDE, SIDE), Image.Resampling.BICUBIC)
        if number % 2 == 0:
            page = Image.new("RGB", (SIDE, SIDE), "white")
            page.paste(picture.resize((400, 360)), (100, 120))
            picture = page
        picture.save(folder / f"{number}.jpg", quality=90)
    with open(folder / "catalog.csv", "w", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["id", "image"])
        rows.writerows([n, f"{n}.jpg"] for n in range(count))


def background(lab):
    """Connected with the border and alike its median colour; None where the background is not plain."""
    import cv2
    height, width = lab.shape[:2]
    edge = max(1, round(.02 * max(height, width)))
    border = numpy.ones((height, width), bool)
    border[edge:-edge, edge:-edge] = False
    difference = (lab - numpy.median(lab[border], axis=0)) * (100 / 255, 1, 1)
    near = (difference ** 2).sum(axis=2) < 64
    if near[border].mean() < .6:
        return None
    count, labels = cv2.connectedComponents(near.astype(numpy.uint8), connectivity=4)
    reached = numpy.zeros(count, bool)
    reached[labels[border & near]] = True
    found = reached[labels]
    return found if .03 <= 1 - found.mean() <= .97 else None


def bell(side, sigma):
    return numpy.exp(-(((numpy.arange(side) + .5) / side - .5) ** 2) / (2 * sigma ** 2))


def colour(path):
    import cv2
    cv2.setNumThreads(1)
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
    factor = LONGEST / max(picture.shape[:2])
    if factor < 1:
        picture = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(picture, cv2.COLOR_BGR2Lab).astype(numpy.float32)
    found = background(lab)
    sigma = .15 if found is None else .3
    weights = bell(lab.shape[0], sigma)[:, None] * bell(lab.shape[1], sigma)
    if found is not None:
        weights[found] = 0
    used = weights > 0
    values = (lab[used] - (0, 64, 64)) / (255, 128, 128)
    at = numpy.clip(values * BINS - .5, 0, numpy.subtract(BINS, 1))
    first = at.astype(int)
    share = at - first
    counts = numpy.zeros(numpy.prod(BINS))
    for corner in numpy.ndindex(2, 2, 2):
        bins = numpy.minimum(first + corner, numpy.subtract(BINS, 1))
        part = weights[used] * numpy.prod(numpy.where(corner, share, 1 - share), axis=1)
        counts += numpy.bincount(numpy.ravel_multi_index(bins.T, BINS), part, len(counts))
    return numpy.sqrt(counts / counts.sum()).astype(numpy.float32)


def with_python(folder, count, threads):
    paths = [folder / f"{n}.jpg" for n in range(count)]
    with multiprocessing.Pool(threads) as pool:
        pool.map(colour, paths[:threads])  # the processes have started and imported
        start = time.perf_counter()
        vectors = pool.map(colour, paths, chunksize=16)
        return count / (time.perf_counter() - start), numpy.stack(vectors)


def with_pmatch(folder, threads, run):
    shop = folder / f"shop{run}"
    pmatch("ingest", shop, folder / "catalog.csv")
    _, said = pmatch("--threads", threads, "embed", shop, "--model", "builtin:colour")
    return embed_rate(said), shop


def stored(shop):
    import h5py
    with h5py.File(shop / "embeddings" / "colour.h5") as file:
        return file["vectors"][:][numpy.argsort(file["ids"][:])]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("--pictures", 1000), ("--threads", 2), ("--runs", 3)):
        parser.add_argument(name, type=int, default=default)
    options = parser.parse_args()
    try:
        import cv2
        print(f"OpenCV {cv2.__version__}")
    except ImportError:
        cv2 = None
        print("skipped: the Python half (no opencv-python-headless)")
    ours, theirs = [], []
    with workspace() as name:
        folder = pathlib.Path(name)
        make_pictures(folder, options.pictures)
        for run in range(options.runs):
            rate, shop = with_pmatch(folder, options.threads, run)
            ours.append(rate)
            if cv2 is None:
                continue
            rate, vectors = with_python(folder, options.pictures, options.threads)
            theirs.append(rate)
            if run == 0:
                least = (stored(shop) * vectors).sum(axis=1).min()
                print(f"least cosine of the two vectors of a picture: {least:.6f}")
    print(f"pmatch embed --model builtin:colour, pictures/s   {median_and_range(ours)}")
    if theirs:
        print(f"Python and OpenCV, {options.threads} processes, pictures/s     {median_and_range(theirs)}")
        print(f"ratio {statistics.median(a / b for a, b in zip(ours, theirs)):.2f}")


if __name__ == "__main__":
    main()
