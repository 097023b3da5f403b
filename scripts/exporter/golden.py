"""Golden examples: inputs and the reference library's answers, replayed by `pmatch model verify`."""

from __future__ import annotations

import hashlib
import io

import numpy as np
import torch
from PIL import Image

from .model import ImageTower, TextTower, float_list

TEXTS = [
    ("document", "Sony Turntable - PSLX350H/ Belt Drive System/ 33-1/3 and 45 RPM Speeds"),
    ("document", "Crème brûlée torch, 1300°C, safety-lock"),
    ("document", "a"),
    ("document", "无线蓝牙耳机 ワイヤレス イヤホン 무선 이어폰 🎧 x2"),
    ("document", "stainless steel water bottle 750 ml, " * 60),  # longer than any token limit here
    ("query", "black leather shoes size 42"),
]
PICTURE_SIZES = [(320, 240), (301, 457), (97, 150)]  # width, height: landscape; odd, portrait; smaller than the crop
FILTERS = {"nearest": Image.Resampling.NEAREST, "bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC, "lanczos": Image.Resampling.LANCZOS}


def text_examples(tower: TextTower) -> list[dict]:
    examples = []
    for role, text in TEXTS:
        ids = tower.reference_tokens((tower.query_prefix if role == "query" else tower.document_prefix) + text)
        tokens = torch.tensor([ids])
        with torch.no_grad():
            vector = tower.reference(tokens, torch.ones_like(tokens))[0]
        examples.append({"text": text, "role": role, "token_ids": ids, "vector": float_list(vector)})
    return examples


def image_examples(tower: ImageTower) -> tuple[list[dict], dict[str, bytes]]:
    """The examples, and the pictures they name as PNG files."""
    examples, files = [], {}
    for number, size in enumerate(PICTURE_SIZES):
        picture = _picture(*size, seed=number)
        pixels = preprocess(picture, tower.preprocess)
        with torch.no_grad():
            vector = tower.reference(normalise(pixels, tower.preprocess)[None])[0]
        name = f"golden/{number}.png"
        content = io.BytesIO()
        picture.save(content, "PNG", optimize=True)
        files[name] = content.getvalue()
        examples.append(
            {"image": name, "pixels_sha256": hashlib.sha256(pixels.tobytes()).hexdigest(), "vector": float_list(vector)}
        )
    return examples, files


def preprocess(picture: Image.Image, settings: dict) -> np.ndarray:
    """Pillow's resize, then the centre crop: uint8, height x width x 3."""
    resize, crop = settings["resize"], settings["crop"]
    if resize["mode"] == "squash":
        width, height = resize["width"], resize["height"]
    else:
        short, long = sorted(picture.size)
        other = int(resize["size"] * long / short)
        width, height = (resize["size"], other) if picture.width <= picture.height else (other, resize["size"])
    resized = picture.resize((width, height), FILTERS[resize["filter"]])
    if crop:
        left, top = (width - crop["width"]) // 2, (height - crop["height"]) // 2
        resized = resized.crop((left, top, left + crop["width"], top + crop["height"]))
    return np.asarray(resized)


def normalise(pixels: np.ndarray, settings: dict) -> torch.Tensor:
    """float32, 3 x height x width."""
    values = torch.from_numpy(pixels.copy()).permute(2, 0, 1).float() * settings["rescale"]
    return (values - torch.tensor(settings["mean"])[:, None, None]) / torch.tensor(settings["std"])[:, None, None]


def _picture(width: int, height: int, seed: int) -> Image.Image:
    """Smooth colour, hard edges and a little noise: what resampling gets wrong shows."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    channels = [127 + 100 * np.sin(x / (17 + 9 * c) + c) * np.cos(y / (23 - 4 * c)) for c in range(3)]
    pixels = np.stack(channels, axis=-1)
    pixels[height // 4 : height // 2, width // 3 : width // 2] = random.integers(0, 256, 3)
    pixels[(x // 8 + y // 8) % 7 == 0] += 40
    pixels += random.integers(-6, 7, (height, width, 1))
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8), "RGB")
