#!/usr/bin/env python3
"""Draws the example shop: pictures/, queries/, catalog.csv, queries.csv and truth.csv beside this file.

The same script always draws the same shop. It needs Pillow and numpy:
    .venv/bin/python examples/shop/draw.py
"""

import csv
import functools
import shutil
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from canvas import SIDE, Sheet, moved, rgb
from products import PICTURE_QUERIES, PRODUCTS, TEXT_QUERIES
from shapes import KINDS

HERE = Path(__file__).resolve().parent
CATALOG_SIZE, QUERY_SIZE = 288, 256
LIGHTS = {"warm": (1.12, 0.95, 0.68), "cold": (0.74, 0.92, 1.14), "dim": (0.50, 0.47, 0.44), None: (1, 1, 1)}
BACKDROPS = ["#f4f3f1", "#ececea", "#e9e4dc", "#dfe5e8", "#efe6df", "#f7f7f7"]


def generator(*words):
    """The same random numbers for the same words, on every machine."""
    return np.random.default_rng(zlib.crc32("/".join(map(str, words)).encode()))


def plain_backdrop(colour, size, rng):
    """A studio: a lit wall, a slightly darker floor, a soft line between."""
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size
    floor = 1 / (1 + np.exp(-(y - 0.78) * 26))
    light = 1.03 - 0.10 * floor - 0.16 * ((x - 0.42) ** 2 + (y - 0.4) ** 2)
    return np.clip(rgb(colour) * light[..., None] + rng.normal(0, 0.004, (size, size, 1)), 0, 1)


def place_where(name, size, rng):
    """Where people photograph things: a table, a blanket, a wall, the street."""
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size
    grain = np.asarray(Image.fromarray(np.float32(rng.normal(0, 1, (size // 6, 6)))).resize((size, size), 3))
    spots = np.asarray(Image.fromarray(np.float32(rng.normal(0, 1, (9, 9)))).resize((size, size), 3))
    if name == "wood":
        planks = 1 - 0.35 * (np.abs((x * 4) % 1 - 0.5) > 0.48)
        return rgb("#a37b51") * ((1 + 0.09 * grain) * planks * (0.85 + 0.25 * y))[..., None]
    if name == "cloth":
        weave = 1 + 0.05 * np.sin(x * size * 1.3) * np.sin(y * size * 1.3)
        return rgb("#7f8ea3") * (weave * (1 + 0.13 * spots))[..., None]
    if name == "wall":
        return rgb("#c9bda9") * ((1 + 0.03 * spots) * (1.1 - 0.4 * x) * (1 - 0.25 * (y > 0.8)))[..., None]
    slabs = 1 - 0.3 * ((np.abs((x * 3 + 0.2) % 1 - 0.5) > 0.485) | (np.abs((y * 3) % 1 - 0.5) > 0.485))
    return rgb("#8b8c8d") * (slabs * (1 + 0.06 * spots) + rng.normal(0, 0.04, (size, size)))[..., None]


@functools.cache
def product_layer(identity):
    kind, look = next((product[1], product[8]) for product in PRODUCTS if product[0] == identity)
    sheet = Sheet(generator(identity))
    KINDS[kind](sheet, **look)
    return sheet.picture()


def place(layer, backdrop, scale=0.84, angle=0.0, shift=(0, 0), mirror=False, tilt=0.0):
    """The product over a backdrop (an array), with its shadow. tilt: perspective, as a share of the side."""
    size = backdrop.shape[0]
    if mirror:
        layer = layer.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if tilt:
        layer = layer.transform(layer.size, Image.Transform.PERSPECTIVE, _lean(tilt), Image.Resampling.BICUBIC)
    side = int(size * scale)
    layer = layer.resize((side, side), Image.Resampling.LANCZOS)
    layer = layer.rotate(angle, Image.Resampling.BICUBIC, expand=True)
    sheet = Image.new("RGBA", (size, size))
    sheet.paste(layer, ((size - layer.width) // 2 + int(shift[0] * size), (size - layer.height) // 2 + int(shift[1] * size)))
    over = np.asarray(sheet, np.float32) / 255
    alpha = Image.fromarray(np.uint8(over[..., 3] * 255))
    near = np.asarray(alpha.filter(ImageFilter.GaussianBlur(size * 0.02)), np.float32) / 255
    near = moved(near, 0.025, 0.02)
    ground = backdrop * (1 - 0.36 * near[..., None])
    return np.clip(ground * (1 - over[..., 3:]) + over[..., :3] * over[..., 3:], 0, 1)


def _lean(tilt):
    """Coefficients for Image.transform: the upper edge shrinks (or the lower one, tilt < 0) by `tilt`."""
    upper, lower = max(tilt, 0) / 2 * SIDE, max(-tilt, 0) / 2 * SIDE
    to = [(upper, 0), (SIDE - upper, 0), (SIDE - lower, SIDE), (lower, SIDE)]
    corners = [(0, 0), (SIDE, 0), (SIDE, SIDE), (0, SIDE)]
    rows = []
    for (x, y), (u, v) in zip(to, corners):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    return np.linalg.solve(np.array(rows, float), np.array(corners, float).reshape(8))


def catalog_picture(product, number):
    rng = generator(product[0], "catalog", number)
    backdrop = plain_backdrop(BACKDROPS[rng.integers(len(BACKDROPS))], CATALOG_SIZE, rng)
    layer = product_layer(product[0])
    if number == 0:
        return place(layer, backdrop, scale=rng.uniform(0.78, 0.88))
    return place(layer, backdrop, scale=rng.uniform(1.05, 1.2), angle=rng.uniform(-9, 9), mirror=True,
                 shift=(rng.uniform(-0.06, 0.06), rng.uniform(-0.06, 0.06)), tilt=rng.uniform(-0.12, 0.12))


def query_picture(product, number, light=None, angle=0.0, crop=None, tilt=0.0, mirror=False, blurred=0.0,
                  scene=None, beside=None, small=None):
    """crop: share of the product's width left in the frame; beside: another product that is in the way."""
    rng = generator(product[0], "query", number)
    if scene:
        backdrop = np.clip(place_where(scene, QUERY_SIZE, rng), 0, 1)
    else:
        backdrop = plain_backdrop(BACKDROPS[rng.integers(len(BACKDROPS))], QUERY_SIZE, rng)
    if beside:
        side = 1 if rng.random() < 0.5 else -1
        backdrop = place(product_layer(beside), backdrop, 0.6, rng.uniform(-40, 40), (side * 0.33, rng.uniform(-0.2, 0.2)))
    scale = small or rng.uniform(0.74, 0.9) / (crop or 1)
    shift = (rng.uniform(-0.07, 0.07), rng.uniform(-0.05, 0.05))
    pixels = place(product_layer(product[0]), backdrop, scale, angle, shift, mirror, tilt)
    x = np.linspace(0, 1, QUERY_SIZE)[None, :, None]
    pixels = pixels * np.array(LIGHTS[light]) * (1.08 - 0.22 * x) + rng.normal(0, 0.012, pixels.shape)
    picture = to_image(pixels)
    return picture.filter(ImageFilter.GaussianBlur(blurred)) if blurred else picture


def to_image(pixels):
    return Image.fromarray(np.uint8(np.round(np.clip(pixels, 0, 1) * 255)))


def write_csv(path, header, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def write_catalog():
    rows = []
    for product in PRODUCTS:
        identity, _, title, description, brand, colour, price, pictures, _ = product
        names = [f"pictures/{identity}{'-b' if n else ''}.jpg" for n in range(pictures)]
        for number, name in enumerate(names):
            to_image(catalog_picture(product, number)).save(HERE / name, quality=84)
        rows.append([identity, title, description, brand, colour, f"{price:.2f}", "|".join(names)])
    write_csv(HERE / "catalog.csv", ["id", "title", "description", "brand", "colour", "price", "image"], rows)


def write_queries():
    products = {product[0]: product for product in PRODUCTS}
    queries, truth = [], []
    for number, (identity, change) in enumerate(PICTURE_QUERIES, 1):
        change = dict(change)
        kind, quality = change.pop("format", "jpg"), change.pop("quality", 78)
        name = f"queries/p{number:02}.{kind}"
        query_picture(products[identity], number, **change).save(HERE / name, quality=quality)
        queries.append([f"p{number:02}", "", name])
        truth.append([f"p{number:02}", identity])
    for number, (identity, text) in enumerate(TEXT_QUERIES, 1):
        queries.append([f"t{number:02}", text, ""])
        truth.append([f"t{number:02}", identity])
    write_csv(HERE / "queries.csv", ["id", "title", "image"], queries)
    write_csv(HERE / "truth.csv", ["query", "item"], truth)


def main():
    for folder in ("pictures", "queries"):
        shutil.rmtree(HERE / folder, ignore_errors=True)
        (HERE / folder).mkdir()
    write_catalog()
    write_queries()
    size = sum(path.stat().st_size for path in HERE.rglob("*") if path.is_file())
    print(f"{len(PRODUCTS)} products, {len(PICTURE_QUERIES) + len(TEXT_QUERIES)} queries, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
