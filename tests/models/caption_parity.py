#!/usr/bin/env python3
"""Captions of pmatch against the reference library's `generate`, with seeded random weights.

usage: caption_parity.py PMATCH_CAPTION DATA
Token ids of 24 real pictures: both views, batch 1, 4 and 8, with and without repetition penalty, with stop tokens; the
features of the pictures, their views' pixels, and tiles and tokens of 250 sizes at the published resolution. Skips
(exit 77) where the libraries or the pictures are absent; CI must have the libraries.
"""
import copy
import json
import os
import random
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from skipped import no_data, no_library  # noqa: E402

warnings.simplefilter("ignore")

try:
    import numpy as np
    import torch
    import torch.nn.functional as F
    from exporter import llava_onevision, random_llava
    from exporter.package import write_package
    from llava_reference import Reference
    from PIL import Image
except ImportError as missing:
    no_library(missing)

NEW_TOKENS = 64
MIN_GAP = 1e-4  # between the first and the second choice; rounding makes a difference of 1e-5
MIN_DIFFERENT = 20  # ids of a caption, in the mean
MIN_COSINE = 0.99999
PROMPT = "Describe the product in this picture."
SIZES = {(1, 1): (2, 1485), (1, 4000): (2, 757), (4000, 1): (2, 783), (480, 640): (5, 2929), (3000, 4000): (31, 7309)}
SHAPES = [None] * 12 + [(1, 1), (1, 300), (300, 1), (30, 700), (700, 31), (112, 112), (111, 113), (640, 480), (480, 640),
                        (224, 336), (97, 101), (500, 90)]


class Tool:
    def __init__(self, program, package):
        self.process = subprocess.Popen([program, str(package)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __call__(self, what, **order):
        print(json.dumps({"do": what, **order}), file=self.process.stdin, flush=True)
        return json.loads(self.process.stdout.readline())


def real_pictures(data, root):
    """Of many shapes, some cut and stretched to odd ones, without loss."""
    folder = Path(data) / "image"
    found = sorted(folder.glob("eshop/**/*.webp"))[::9] + sorted(folder.glob("grocery/**/*.jpg"))[::150] + sorted(folder.glob("fashion/**/*.jpg"))[::400]
    if len(found) < len(SHAPES):
        no_data(f"{folder} has {len(found)} pictures of eshop, grocery and fashion, {len(SHAPES)} are wanted")
    files = []
    for number, shape in enumerate(SHAPES):
        picture = Image.open(found[number * len(found) // len(SHAPES)]).convert("RGB")
        if shape:
            picture = picture.resize(shape[::-1])
        files.append(root / f"{number}.png")
        picture.save(files[-1])
    return files


def check_sizes(program, root):
    """At the published resolution, of random weights in a small model."""
    config = copy.deepcopy(llava_onevision.CONFIGS["tiny"])
    config["vision_config"]["image_size"] = 384
    tool, reference = make(program, root / "full", config)
    dice = random.Random(5)
    sizes = list(SIZES) + [(dice.randint(1, 60) ** dice.choice((1, 2)), dice.randint(1, 60) ** dice.choice((1, 2))) for _ in range(245)]
    wrong = 0
    for size, found in zip(sizes, tool("plan", sizes=sizes)):
        rows, columns = best_area(size, reference)
        wanted = [1 + rows * columns, reference.count(*size)]
        if found != wanted or tuple(wanted) != SIZES.get(size, tuple(wanted)):
            wrong += 1
            print(f"height and width {size}: views and tokens are {found}, the reference has {wanted}")
    print(f"{len(sizes)} sizes: {wrong} differ")
    return wrong


def best_area(size, reference):
    from transformers.image_processing_utils import select_best_resolution

    side = reference.model.config.vision_config.image_size
    height, width = select_best_resolution(size, reference.model.config.image_grid_pinpoints)
    return height // side, width // side


def make(program, directory, config):
    directory.mkdir()
    random_llava.write_checkpoint(config, 3, directory / "checkpoint")
    write_package(llava_onevision.from_checkpoint(directory / "checkpoint", "little", None), directory / "package")
    model = llava_onevision.load(directory / "checkpoint", torch.float32)
    return Tool(program, directory / "package"), Reference(model, directory / "checkpoint")


def check_features(tool, reference, files, view):
    worst, wrong = 1.0, 0
    target = files[0].with_suffix(".raw")
    for file in files:
        picture = Image.open(file)
        tool("features", picture=str(file), view=view, to=str(target))
        wanted = reference.features(picture, view)
        found = torch.from_numpy(np.fromfile(target, np.float32)).view(-1, wanted.shape[1])
        if found.shape != wanted.shape:
            wrong += 1
            print(f"{file.name} {picture.size} {view}: {len(found)} tokens, the reference has {len(wanted)}")
            continue
        worst = min(worst, F.cosine_similarity(found.double(), wanted.double()).min().item())
        tool("views", picture=str(file), view=view, to=str(target))
        side = reference.model.config.vision_config.image_size
        found = np.fromfile(target, np.uint8).reshape(-1, side, side, 3)
        wanted = reference.views(picture, view)["pixel_values"][0].numpy().transpose(0, 2, 3, 1)
        wanted = np.rint((wanted * 0.5 + 0.5) * 255).astype(np.uint8)
        if len(found) == 1 and len(wanted) == 2:  # a twin is computed once
            found = np.concatenate([found, found])
        if not np.array_equal(found, wanted):
            wrong += 1
            print(f"{file.name} {picture.size} {view}: pixels differ")
    print(f"{view}: features' least cosine {worst:.8f}")
    return wrong + (worst < MIN_COSINE)


def check_captions(tool, reference, files, view, penalty):
    """Returns mistakes, and the reference's captions."""
    wanted, gaps = reference.generate_all([Image.open(file) for file in files], view, PROMPT, NEW_TOKENS, penalty)
    order = {"pictures": [str(file) for file in files], "view": view, "prompt": PROMPT, "max_tokens": NEW_TOKENS, "penalty": penalty}
    different = sum(len(set(row)) for row in wanted) / len(wanted)
    name = f"{view}, penalty {penalty}"
    print(f"{name}: {different:.0f} different ids a caption, least gap {min(gaps):.5f}")
    mistakes = different < MIN_DIFFERENT
    for batch in (1, 4, 8):
        mistakes += compare(f"{name}, batch {batch}", tool("caption", batch=batch, **order)["tokens"], wanted, gaps)
    # Tokens that some captions have early, others late or never.
    count = Counter(token for row in wanted for token in set(row))
    stop = [token for token, rows in count.most_common() if rows <= len(wanted) // 3][:3]
    cut = [row[: min([row.index(token) for token in stop if token in row], default=len(row))] for row in wanted]
    lengths = len({len(row) for row in cut})
    mistakes += lengths < 5
    stopped = reference.generate(Image.open(files[0]), view, PROMPT, NEW_TOKENS, penalty, stop)[0]
    mistakes += stopped != cut[0]
    print(f"{name}: stop tokens {stop} end captions at {lengths} lengths")
    for batch in (1, 4, 8):
        found = tool("caption", batch=batch, stop=stop, **order)
        mistakes += compare(f"{name}, stop tokens, batch {batch}", found["tokens"], cut, gaps)
        texts = [reference.tokenizer.decode(row).strip(" \t\r\n") for row in cut]
        mistakes += found["texts"] != texts
    return mistakes


def compare(name, found, wanted, gaps):
    different = [i for i, (a, b) in enumerate(zip(found, wanted, strict=True)) if a != b]
    for i in different:
        print(f"{name}: picture {i} (least gap {gaps[i]:.5f}) has {found[i][:12]}…, the reference {wanted[i][:12]}…")
    different = [i for i in different if gaps[i] >= MIN_GAP]
    close = sum(gap < MIN_GAP for gap in gaps)
    print(f"{name}: {len(wanted) - close} captions compared, {len(different)} differ ({close} set aside, choices too close)")
    return len(different) + (close > len(wanted) // 4)


def main():
    program, data = sys.argv[1:3]
    mistakes = 0
    with tempfile.TemporaryDirectory(prefix="pmatch-caption-parity-") as directory:
        root = Path(directory)
        files = real_pictures(data, root)
        mistakes += check_sizes(program, root)
        tool, reference = make(program, root / "little", llava_onevision.CONFIGS["tiny"])
        for view in ("anyres", "single"):
            mistakes += check_features(tool, reference, files, view)
            for penalty in (1.0, 1.3):
                mistakes += check_captions(tool, reference, files, view, penalty)
    print("as the reference" if not mistakes else f"{mistakes} checks failed")
    return int(mistakes > 0)


if __name__ == "__main__":
    sys.exit(main())
