#!/usr/bin/env python3
"""Draws docs/pictures.jpg: queries of examples/shop with the best answer by the network, by colours, and by points.

usage: .venv/bin/python scripts/figures/picture_pairs.py OUT.jpg
Build first (preset release or $PMATCH_BUILD); needs packages/efficientnet-lite0 and Pillow.
"""
import base64
import csv
import html
import io
import json
import pathlib
import re
import sys
import tempfile

from PIL import Image, ImageDraw, ImageFont

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts" / "bench"))
from common import PACKAGES, pmatch  # noqa: E402

SHOP = ROOT / "examples" / "shop"
QUERIES = ("p01", "p05", "p08", "p12")
SIDE, GAP, LETTERS = 180, 16, 15
TITLES = ("query", "the network: what it is", "colours", "points: the same print")


def best(shop, query, preset):
    out, _ = pmatch("query", shop, "--image", query, "--preset", preset, "--top", 1, "--format", "jsonl")
    return json.loads(out)["answers"][0]


def matched(shop, query, preset):
    """(picture, words) of the best pair of pictures with its lines, from the page that pmatch draws."""
    page, _ = pmatch("query", shop, "--image", query, "--preset", preset, "--top", 1, "--explain", "--format", "html")
    drawing = re.search(r"<svg.*?</svg>\n<p>(.*?)</p>", page, re.S)
    if not drawing:
        return None, "no points in common"
    svg = drawing[0]
    width, height = (int(re.search(rf'{side}="(\d+)"', svg)[1]) for side in ("width", "height"))
    canvas = Image.new("RGB", (width, height), "white")
    for left, data in re.findall(r'<image x="(\d+)".*?href="data:image/\w+;base64,([^"]+)"', svg):
        canvas.paste(Image.open(io.BytesIO(base64.b64decode(data))), (int(left), 0))
    pen = ImageDraw.Draw(canvas)
    for x1, y1, x2, y2 in re.findall(r'<line x1="([\d.]+)" y1="([\d.]+)" x2="([\d.]+)" y2="([\d.]+)"', svg):
        pen.line([float(x1), float(y1), float(x2), float(y2)], fill="#0a5", width=1)
    return canvas, html.unescape(drawing[1]).split(";")[0]


def tile(path):
    picture = Image.open(path).convert("RGB")
    picture.thumbnail((SIDE, SIDE))
    return picture


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        raise SystemExit(__doc__.strip())
    font = ImageFont.load_default(LETTERS)
    row = SIDE + 2 * LETTERS + GAP
    columns = [GAP + (SIDE + GAP) * i for i in range(4)]
    figure = Image.new("RGB", (columns[3] + 2 * SIDE + 3 * GAP, 2 * LETTERS + row * len(QUERIES) + GAP), "white")
    pen = ImageDraw.Draw(figure)
    for left, title in zip(columns, TITLES):
        pen.text((left, GAP // 2), title, fill="black", font=font)
    with tempfile.TemporaryDirectory() as folder:
        shop, recipe = pathlib.Path(folder) / "shop", pathlib.Path(folder) / "points.jsonc"
        recipe.write_text('{"lists": [{"source": "image", "model": "builtin:colour"}], "verify": {"weight": 9}}')
        pmatch("ingest", shop, SHOP / "catalog.csv", "--text", "title")
        for model in (PACKAGES / "efficientnet-lite0", "builtin:colour", "builtin:local"):
            pmatch("embed", shop, "--model", model)
        pmatch("build-index", shop)
        with open(SHOP / "catalog.csv", newline="", encoding="utf-8") as catalog:
            pictures = {row["id"]: row["image"].split("|")[0] for row in csv.DictReader(catalog)}
        for number, name in enumerate(QUERIES):
            query, top = SHOP / "queries" / f"{name}.jpg", 2 * LETTERS + row * number
            figure.paste(tile(query), (columns[0], top))
            for left, preset in zip(columns[1:3], ("image", "colour")):
                answer = best(shop, query, preset)
                figure.paste(tile(SHOP / pictures[answer["item"]]), (left, top))
                pen.text((left, top + SIDE + 2), answer["title"][:24], fill="black", font=font)
            drawing, words = matched(shop, query, recipe)
            if drawing:
                drawing.thumbnail((2 * SIDE + GAP, SIDE))
                figure.paste(drawing, (columns[3], top))
            pen.text((columns[3], top + SIDE + 2), words, fill="black", font=font)
    figure.save(sys.argv[1], quality=85)


if __name__ == "__main__":
    main()
