"""Makes queries of a catalog's own pictures, each changed in one way: cut, framed, mirrored, compressed,
of another light, turned. The same seed makes the same files.

Usage: .venv/bin/python scripts/bench/picture_variants.py CATALOG.csv IMAGE-ROOT OUT [--seed 1] [--only CHANGE,…]
OUT gets the pictures as PNG or JPEG, queries.csv (id,image,change) and truth.csv (query,item).
"""
import argparse
import csv
import pathlib
import random

from PIL import Image, ImageOps


def cropped(picture, rng, _):
    """A window of 60 % of the area somewhere in the picture."""
    side = .6 ** .5
    width, height = round(picture.width * side), round(picture.height * side)
    x, y = rng.randint(0, picture.width - width), rng.randint(0, picture.height - height)
    return picture.crop((x, y, x + width, y + height))


def framed(picture, rng, _):
    """A border of 15 % on each side, white, black or of a colour."""
    colour = rng.choice(["white", "black", tuple(rng.randint(0, 255) for _ in range(3))])
    return ImageOps.expand(picture, round(.15 * max(picture.size)), colour)


def cast(picture, rng, _):
    """Another light: each channel times .8 to 1.2."""
    gains = [rng.uniform(.8, 1.2) for _ in range(3)]
    return picture.point([min(255, round(v * gain)) for gain in gains for v in range(256)])


def saved_as_jpeg(picture, _, path):
    picture.save(path.with_suffix(".jpg"), quality=30)


CHANGES = {"crop": cropped, "frame": framed, "mirror": lambda p, *_: ImageOps.mirror(p), "jpeg30": saved_as_jpeg,
           "cast": cast, "turn90": lambda p, *_: p.transpose(Image.Transpose.ROTATE_90),
           "turn180": lambda p, *_: p.transpose(Image.Transpose.ROTATE_180)}


def make(catalog, root, out, seed=1, only=tuple(CHANGES)):
    out.mkdir(parents=True, exist_ok=True)
    with open(catalog, newline="", encoding="utf-8") as source, open(out / "queries.csv", "w") as queries, \
            open(out / "truth.csv", "w") as truth:
        asked, right = csv.writer(queries), csv.writer(truth)
        asked.writerow(["id", "image", "change"])
        right.writerow(["query", "item"])
        for row in csv.DictReader(source):
            picture = Image.open(root / row["image"]).convert("RGB")
            for change in only:
                name = f"{row['id']}-{change}"
                path = out / (name + ".png")
                changed = CHANGES[change](picture, random.Random(f"{seed} {name}"), path)
                if changed is None:
                    path = path.with_suffix(".jpg")
                else:
                    changed.save(path, compress_level=1)
                asked.writerow([name, path.name, change])
                right.writerow([name, row["id"]])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("catalog", type=pathlib.Path)
    parser.add_argument("root", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default=",".join(CHANGES))
    given = parser.parse_args()
    make(given.catalog, given.root, given.out, given.seed, given.only.split(","))
