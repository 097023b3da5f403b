"""The words in pictures, against the Python package that the weights come from.

usage: words_parity.py PMATCH_WORDS PACKAGES DATA [PICTURES]
40 photos of the grocery set, those of packages first, then loose fruit: of all characters that the Python package
reads at least .99 are read in the same place. Skips (exit 77) where libraries or pictures are absent; CI must have the
libraries.
"""
import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from skipped import no_data, no_library  # noqa: E402

try:
    import numpy as np
    from PIL import Image, ImageOps
    from rapidocr_onnxruntime import RapidOCR
except ImportError as missing:
    no_library(missing)

PICTURES, LEAST_SAME, MOST_OFF = 40, 0.99, 3.0  # off: pixels, of the middle of a box


def main():
    tool, package, data = sys.argv[1], Path(sys.argv[2]) / "ppocr-mobile", Path(sys.argv[3])
    photos = photos_of(data, int(sys.argv[4]) if len(sys.argv) > 4 else PICTURES)
    if not (package / "model.json").is_file():
        no_data(f"no package {package}: scripts/setup.sh makes it")
    ours = [json.loads(line) for line in run(tool, package, photos)]
    total = same = apart = boxes = 0
    reference = RapidOCR()
    for photo, lines in zip(photos, ours):
        wanted = theirs(reference, photo)
        here_total, here_same = sum(len(text) for text, _ in wanted), common(lines, wanted)
        total, same, boxes = total + here_total, same + here_same, boxes + len(wanted)
        apart += sum(1 for line in lines if nearest(line, wanted) is None)
        if here_same < here_total and "VERBOSE" in os.environ:
            print(photo, [text for text, _ in wanted], [line["text"] for line in lines])
    print(f"{len(photos)} pictures, {boxes} lines, {total} characters: {same / total:.4f} the same; {apart} lines more")
    if same < LEAST_SAME * total or apart > (1 - LEAST_SAME) * boxes:
        sys.exit(f"at least {LEAST_SAME} of the characters must be the same, and no more than .01 of the lines new")


def photos_of(data, count):
    """Packages first: loose fruit has a sticker at most."""
    folder = data / "image" / "grocery" / "val"
    if not folder.is_dir():
        no_data(f"no pictures in {folder}")
    found = sorted(folder.rglob("*.jpg"))
    return sorted(found, key=lambda photo: "Packages" not in photo.parts)[:count]


def run(tool, package, photos):
    done = subprocess.run([tool, package, "0", *photos], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{tool}: {done.stderr}")
    return done.stdout.splitlines()


def theirs(reference, photo):
    """Text and middle of each line, of the pixels that Pillow sees upright."""
    picture = ImageOps.exif_transpose(Image.open(photo)).convert("RGB")
    lines, _ = reference(np.ascontiguousarray(np.asarray(picture)[:, :, ::-1]))
    return [(text, np.mean(box, axis=0)) for box, text, _ in lines or []]


def nearest(line, wanted):
    """The line of `wanted` in the same place, or None."""
    middle = np.mean(line["box"], axis=0)
    near = [(np.abs(middle - place).max(), number) for number, (_, place) in enumerate(wanted)]
    off, number = min(near, default=(np.inf, None))
    return number if off <= MOST_OFF else None


def common(lines, wanted):
    """Characters that lines in the same place have in common, in the same order."""
    same = 0
    for line in lines:
        number = nearest(line, wanted)
        if number is not None:
            same += longest_common(line["text"], wanted[number][0])
    return same


def longest_common(a, b):
    row = [0] * (len(b) + 1)
    for one in unicodedata.normalize("NFC", a):
        before = 0
        for place, other in enumerate(b, 1):
            before, row[place] = row[place], before + 1 if one == other else max(row[place], row[place - 1])
    return row[-1]


if __name__ == "__main__":
    main()
