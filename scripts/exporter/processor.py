"""The reference preprocessing of pictures, with a package's settings."""

from __future__ import annotations

import io

import numpy as np
import torch
from PIL import Image, ImageCms

from .presets import FILTERS


def preprocess(picture: Image.Image, settings: dict) -> np.ndarray:
    """Resized and cropped: uint8, height x width x 3, R,G,B."""
    if settings.get("colours") == "srgb" and picture.info.get("icc_profile"):
        profile = ImageCms.ImageCmsProfile(io.BytesIO(picture.info["icc_profile"]))
        picture = ImageCms.profileToProfile(picture, profile, ImageCms.createProfile("sRGB"), outputMode="RGB")
    processor = _processor(settings, do_rescale=False, do_normalize=False)
    pixels = processor(picture, return_tensors="np")["pixel_values"][0]
    assert pixels.dtype == np.uint8
    return np.ascontiguousarray(pixels.transpose(1, 2, 0))


def normalise(pixels: np.ndarray, settings: dict) -> torch.Tensor:
    """float32, 3 x height x width, in the order of `channels`."""
    if settings.get("channels") == "bgr":
        pixels = pixels[:, :, ::-1]
    processor = _processor(settings, do_resize=False, do_center_crop=False)
    return torch.from_numpy(processor(np.ascontiguousarray(pixels), input_data_format="channels_last", return_tensors="np")["pixel_values"][0])


def _processor(settings: dict, **switches: bool):
    from transformers.models.bit.image_processing_pil_bit import BitImageProcessorPil

    resize, crop = settings["resize"], settings["crop"]
    squashes = resize["mode"] == "squash"
    size = {side: resize[side] for side in ("height", "width")} if squashes else {"shortest_edge": resize["size"]}
    arguments = {
        "size": size,
        "resample": next(number for number, name in FILTERS.items() if name == resize["filter"]),
        "do_center_crop": crop is not None,
        "crop_size": crop or size,
        "rescale_factor": settings["rescale"],
        "image_mean": settings["mean"],
        "image_std": settings["std"],
    }
    return BitImageProcessorPil(**(arguments | switches))
