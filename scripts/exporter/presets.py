"""Preprocessing settings: the presets of --preprocess, and those of preprocessor_config.json."""

from __future__ import annotations

import copy
import json
from pathlib import Path

from .checkpoint import read_json
from .errors import ExportError
from .options import Options

IMAGENET = {"rescale": 1 / 255, "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}
HALF = {"rescale": 1 / 255, "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]}
OPENAI = {
    "rescale": 1 / 255,
    "mean": [0.48145466, 0.4578275, 0.40821073],
    "std": [0.26862954, 0.26130258, 0.27577711],
}


def shortest(size: int, crop: int, kind: str) -> dict:
    return {
        "resize": {"mode": "shortest", "size": size, "filter": kind, "antialias": True},
        "crop": {"height": crop, "width": crop},
    }


def squash(size: int, kind: str) -> dict:
    return {
        "resize": {"mode": "squash", "height": size, "width": size, "filter": kind, "antialias": True},
        "crop": None,
    }


# Each replaces its keys in what the family or the checkpoint has; several may be given.
PRESETS = {
    "shortest256-crop224-bicubic": shortest(256, 224, "bicubic"),
    "shortest256-crop224-bilinear": shortest(256, 224, "bilinear"),
    "squash224-bicubic": squash(224, "bicubic"),
    "squash392-bilinear": squash(392, "bilinear"),
    # Pictures with an ICC profile, in wide-gamut colours for one, are converted first.
    "srgb": {"colours": "srgb"},
    # Blue, green, red minus their means, not scaled: networks converted from Caffe.
    "caffe": {"channels": "bgr", "rescale": 1.0, "mean": [103.939, 116.779, 123.68], "std": [1.0, 1.0, 1.0]},
}
FILTERS = {1: "lanczos", 2: "bilinear", 3: "bicubic"}  # Pillow's numbers
# What the processors do that a configuration may leave out: (resize mode, centre crop, filter).
PROCESSORS = {
    "Bit": ("shortest", True, "bicubic"),
    "CLIP": ("shortest", True, "bicubic"),
    "ViT": ("squash", False, "bilinear"),
    "DeiT": ("squash", True, "bicubic"),
    "Siglip": ("squash", False, "bicubic"),
    "ConvNext": ("convnext", False, "bicubic"),
}


def chosen(directory: Path | None, default: dict, options: Options, multiple: int = 1) -> dict:
    """The settings of the checkpoint (else `default`) with --preprocess and --size applied; what the network sees
    must be a multiple of `multiple` pixels."""
    file = directory / "preprocessor_config.json" if directory else None
    settings = copy.deepcopy(default)
    if file and file.is_file():
        settings = _from_config(file, read_json(file), default)
    has_geometry = False
    for name in (options.preprocess or "").split(","):
        if not name:
            continue
        if name not in PRESETS:
            raise ExportError(f"there is no preprocessing {name}", f"give one of {', '.join(PRESETS)}, or two with a comma")
        settings.update(copy.deepcopy(PRESETS[name]))
        has_geometry |= "resize" in PRESETS[name]
    if options.size:
        if has_geometry and window(settings) != (options.size, options.size):
            raise ExportError(f"--size {options.size} and --preprocess {options.preprocess} disagree", "give one of the two")
        _resize_to(settings, options.size)
    _check_multiple(settings, multiple)
    return settings


def window(settings: dict) -> tuple[int, int]:
    """Height and width of what the network sees."""
    area = settings["crop"] or settings["resize"]
    return area["height"], area["width"]


def _resize_to(settings: dict, size: int) -> None:
    """The same proportions for another size: 256 -> crop 224 becomes 592 -> crop 518."""
    resize, crop = settings["resize"], settings["crop"]
    for side in ("height", "width"):
        if resize["mode"] == "squash":
            resize[side] = round(size * resize[side] / crop[side]) if crop else size
    if resize["mode"] == "shortest":
        resize["size"] = round(size * resize["size"] / crop["height"])
    if crop:
        settings["crop"] = {"height": size, "width": size}


def _check_multiple(settings: dict, multiple: int) -> None:
    height, width = window(settings)
    if height % multiple or width % multiple or min(height, width) < multiple:
        near = max(round(height / multiple), 1) * multiple
        raise ExportError(
            f"{height} x {width} pixels are not a whole number of patches of {multiple} pixels",
            f"give --size {near}, or another multiple of {multiple}",
        )


def _from_config(file: Path, given: dict, default: dict) -> dict:
    name = str(given.get("image_processor_type") or given.get("feature_extractor_type") or "")
    for ending in ("Fast", "Pil", "ImageProcessor", "FeatureExtractor"):
        name = name.removesuffix(ending)
    resize = default["resize"]
    mode, crops, kind = PROCESSORS.get(name, (resize["mode"], default["crop"] is not None, resize["filter"]))
    try:
        settings = _geometry(given, mode, given.get("do_center_crop", crops), kind, default)
    except (KeyError, TypeError, ZeroDivisionError) as error:
        raise ExportError(
            f"{file} asks for a resize or crop the exporter does not know: "
            f"{json.dumps({key: given.get(key) for key in ('do_resize', 'size', 'crop_size', 'resample')})} ({error})",
            "give --preprocess, or size.shortest_edge with crop_size, or size.height and .width, and resample 1, 2 or 3",
        ) from error
    rescaled, normalised = given.get("do_rescale", True), given.get("do_normalize", True)
    settings["rescale"] = given.get("rescale_factor", 1 / 255) if rescaled else 1.0
    settings["mean"] = list(given.get("image_mean") or default["mean"]) if normalised else [0.0] * 3
    settings["std"] = list(given.get("image_std") or default["std"]) if normalised else [1.0] * 3
    return settings


def _geometry(given: dict, mode: str, crops: bool, kind: str, default: dict) -> dict:
    if not given.get("do_resize", True):
        raise KeyError("do_resize is false")
    kind = FILTERS[given["resample"]] if "resample" in given else kind
    size = given.get("size", default["crop"]["height"] if mode == "convnext" else default["resize"])
    if mode == "convnext":
        edge = size if isinstance(size, int) else size["shortest_edge"]
        return shortest(int(edge / given.get("crop_pct", 224 / 256)), edge, kind) if edge < 384 else squash(edge, kind)
    if isinstance(size, int):
        size = {"shortest_edge": size} if mode == "shortest" else {"height": size, "width": size}
    edge = size.get("shortest_edge", size.get("size"))
    if edge:
        resize = {"mode": "shortest", "size": edge, "filter": kind, "antialias": True}
    else:
        resize = {"mode": "squash", "height": size["height"], "width": size["width"], "filter": kind, "antialias": True}
    crop = given.get("crop_size", default["crop"]) if crops else None
    if isinstance(crop, int):
        crop = {"height": crop, "width": crop}
    if edge and not crop:
        raise KeyError("size.shortest_edge without a centre crop gives pictures of many shapes")
    return {"resize": resize, "crop": {"height": crop["height"], "width": crop["width"]} if crop else None}
