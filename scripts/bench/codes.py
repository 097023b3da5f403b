"""What `builtin:code` finds: EAN-13 codes drawn on photos of the Grocery Store Dataset's train split (48 a seed; 1 to 4
pixels a module, blurred, turned, noisy, …), what it wrongly finds on photos without one, and pictures/s. Beside it the
Python package zxing-cpp, where that is installed.

Data: GroceryStoreDataset (github.com/marcusklasson/GroceryStoreDataset), MIT.
Usage: .venv/bin/python scripts/bench/codes.py [--seeds 1,2,3] [--photos 400]
"""
import argparse
import json
import pathlib
import re
import sys
import time

import grocery
from common import ROOT, pmatch, workspace

sys.path.insert(0, str(ROOT / "tests" / "cli"))
import barcode_pictures  # noqa: E402


def read(work, name, files):
    """The text of each file, None where nothing was read, and pictures/s."""
    (work / f"{name}.csv").write_text("id,image\n" + "".join(f"{number},{file}\n" for number, file in enumerate(files)))
    pmatch("--quiet", "ingest", work / name, work / f"{name}.csv")
    _, said = pmatch("caption", work / name, "--model", "builtin:code", ok=(0, 3))
    texts = {}
    for part in (work / name / "captions" / "code").glob("part-*.jsonl"):
        for line in part.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            texts[entry["row"]] = entry.get("caption")
    return [texts[row] for row in range(len(files))], float(re.search(r"\(([\d.]+) pictures/s", said).group(1))


def reference(files):
    """The same by zxing-cpp on one thread; None where it is not installed."""
    try:
        import zxingcpp
    except ImportError:
        return None
    from PIL import Image
    start = time.perf_counter()
    texts = ["\n".join(code.text for code in zxingcpp.read_barcodes(Image.open(file))) or None for file in files]
    return texts, len(files) / (time.perf_counter() - start)


def tell(who, drawn, texts, rate):
    same = [text is not None and text.lstrip("0") == one.digits.lstrip("0") for one, text in zip(drawn, texts)]
    large = [right for one, right in zip(drawn, same) if one.module >= 2]
    wrong = sum(text is not None and not right for text, right in zip(texts, same))
    print(f"{who:10} {sum(same):3} of {len(same)}, {sum(large):3} of {len(large)} at 2 pixels a module and more, "
          f"{wrong} wrong, {rate:.1f} pictures/s")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--photos", type=int, default=400, help="without a code")
    options = parser.parse_args()
    data = grocery.folder()
    photos = [data / path for path, _ in grocery.photos(data, "train")]
    with workspace() as folder:
        work = pathlib.Path(folder)
        for seed in map(int, options.seeds.split(",")):
            drawn = barcode_pictures.write_all(work / f"drawn{seed}", photos[seed * 97::211], seed)
            files = [work / f"drawn{seed}" / f"{one.name}.png" for one in drawn]
            print(f"seed {seed}")
            tell("pmatch", drawn, *read(work, f"seed{seed}", files))
            beside = reference(files)
            if beside:
                tell("zxing-cpp", drawn, *beside)
        plain = [photo for photo in photos if "/Packages/" not in str(photo)][:: max(1, len(photos) // options.photos)]
        texts, rate = read(work, "plain", plain)
        print(f"photos of fruit and vegetables: {sum(text is not None for text in texts)} of {len(plain)} with a code, "
              f"{rate:.1f} pictures/s")


if __name__ == "__main__":
    main()
