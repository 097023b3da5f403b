"""Golden examples: inputs and the reference library's results, recomputed by `pmatch model verify`."""

from __future__ import annotations

import hashlib
import io

import numpy as np
import torch
from PIL import Image, ImageOps

from .model import ImageTower, TextTower, float_list
from .processor import normalise, preprocess

TEXTS = [
    ("document", "Sony Turntable - PSLX350H/ Belt Drive System/ 33-1/3 and 45 RPM Speeds"),
    ("document", "Crème brûlée torch, 1300°C, safety-lock"),
    ("document", "a"),
    ("document", "无线蓝牙耳机 ワイヤレス イヤホン 무선 이어폰 🎧 x2"),
    ("document", "stainless steel water bottle 750 ml, " * 60),  # longer than any token limit here
    ("query", "black leather shoes size 42"),
]
TENSOR_VALUES = 64
ORIENTATION, TURNED = 0x0112, 6  # EXIF: the camera was held upright


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
    """The examples, and the files they name."""
    examples, files = [], {}
    for number, (ending, content) in enumerate((("jpg", _jpeg()), ("png", _png()))):
        name = f"golden/{number}"
        picture = decode(content)
        pixels = preprocess(picture, tower.preprocess)
        tensor = normalise(pixels, tower.preprocess)
        with torch.no_grad():
            vector = tower.reference(tensor[None])[0]
        files[f"{name}.{ending}"] = content
        files[f"{name}.decoded.png"] = _encoded(picture)
        files[f"{name}.pixels.png"] = _encoded(Image.fromarray(pixels))
        generator = np.random.default_rng(number)
        places = np.sort(generator.choice(tensor.numel(), TENSOR_VALUES, replace=False))
        examples.append(
            {
                "image": f"{name}.{ending}",
                "decoded": f"{name}.decoded.png",
                "pixels": f"{name}.pixels.png",
                "pixels_sha256": hashlib.sha256(pixels.tobytes()).hexdigest(),
                "tensor": {"indices": places.tolist(), "values": float_list(tensor.flatten()[places])},
                "vector": float_list(vector),
            }
        )
    return examples, files


def normalised_picture(picture: Image.Image, settings: dict) -> torch.Tensor:
    """As the model sees it: f32[3,H,W]."""
    return normalise(preprocess(picture, settings), settings)


def decode(content: bytes) -> Image.Image:
    """What Pillow sees: turned as EXIF says, transparent parts over white, R,G,B."""
    picture = ImageOps.exif_transpose(Image.open(io.BytesIO(content)))
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    return picture.convert("RGB")


def _jpeg() -> bytes:
    """Landscape as stored, portrait as meant."""
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED
    content = io.BytesIO()
    sample_picture(320, 241, seed=0).save(content, "JPEG", quality=92, exif=exif)
    return content.getvalue()


def _png() -> bytes:
    """Smaller than what most models see, with a transparent rim."""
    picture = sample_picture(197, 150, seed=1)
    y, x = np.mgrid[0:150, 0:197]
    edge = np.minimum.reduce([x, y, 196 - x, 149 - y])
    picture.putalpha(Image.fromarray(np.clip(edge * 12, 0, 255).astype(np.uint8)))
    return _encoded(picture)


def _encoded(picture: Image.Image) -> bytes:
    content = io.BytesIO()
    picture.save(content, "PNG", optimize=True)
    return content.getvalue()


def sample_picture(width: int, height: int, seed: int) -> Image.Image:
    """Smooth colour, hard edges and a little noise: what resampling gets wrong shows."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    channels = [127 + 100 * np.sin(x / (17 + 9 * c) + c) * np.cos(y / (23 - 4 * c)) for c in range(3)]
    pixels = np.stack(channels, axis=-1)
    pixels[height // 4 : height // 2, width // 3 : width // 2] = random.integers(0, 256, 3)
    pixels[(x // 8 + y // 8) % 7 == 0] += 40
    pixels += random.integers(-6, 7, (height, width, 1))
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8), "RGB")
