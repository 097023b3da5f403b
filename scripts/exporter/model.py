"""Result of a family's export: its towers, and functions of the reference library to compare them with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import torch

from .presets import window


@dataclass
class TextTower:
    """module(input_ids i64[B,T], attention_mask i64[B,T]) -> f32[B,dim]."""

    module: torch.nn.Module
    tokenizer_json: bytes
    max_tokens: int  # special tokens included
    pad_id: int
    vocabulary: int  # number of tokens
    reference_tokens: Callable[[str], list[int]]
    reference: Callable[[torch.Tensor, torch.Tensor], torch.Tensor]  # same arguments as module
    end_id: int | None = None  # token that ends every text, where the pooling looks for it
    query_prefix: str = ""
    document_prefix: str = ""
    file: bytes | None = None  # TorchScript that is to be taken as it is

    def settings(self) -> dict:
        return {
            "module": "text.pt",
            "tokenizer": "tokenizer.json",
            "max_tokens": self.max_tokens,
            "pad_id": self.pad_id,
            "query_prefix": self.query_prefix,
            "document_prefix": self.document_prefix,
        }


@dataclass
class ImageTower:
    """module(pixels f32[B,3,H,W], normalised as `preprocess` says) -> f32[B,dim]."""

    module: torch.nn.Module
    preprocess: dict
    reference: Callable[[torch.Tensor], torch.Tensor]  # same argument as module
    file: bytes | None = None  # TorchScript that is to be taken as it is

    def settings(self) -> dict:
        return {"module": "image.pt", "preprocess": self.preprocess}

    def size(self) -> tuple[int, int]:
        """Height and width of what the module sees."""
        return window(self.preprocess)


@dataclass
class CaptionTower:
    """vision(pixels f32[N,3,size,size]) -> f32[N,grid*grid,H] and a decoder as qwen2.Decoder describes it."""

    vision: torch.jit.ScriptModule
    decoder: torch.jit.ScriptModule
    tokenizer_json: bytes
    settings: dict  # all that model.json says of it


@dataclass
class ReadingTower:
    """TorchScript by file name; each takes f32[N,3,H,W], R,G,B, normalised as `settings` says.

    detector: H and W multiples of 32 -> f32[N,1,H,W], how likely each pixel is text; direction: -> f32[N,2], how likely
    a line is upright and upside down; recogniser: -> f32[N,T,2], number and probability of the likeliest character of
    each of T columns.
    """

    modules: dict[str, bytes]
    characters: list[str]  # by number; 0 is none
    settings: dict  # all that model.json says of it


@dataclass
class Model:
    name: str
    family: str
    dim: int
    pooling: str
    source: dict  # name, weights, licence
    text: TextTower | None = None
    image: ImageTower | None = None
    caption: CaptionTower | None = None
    reading: ReadingTower | None = None
    normalized: bool = True
    losses: dict[str, float] = field(default_factory=dict)  # as rounding.losses() measures them
    notes: list[str] = field(default_factory=list)  # shown to the person who exports

    def task(self) -> str:
        if self.caption:
            return "image-captioning"
        if self.reading:
            return "text-reading"
        kinds = [kind for kind in ("image", "text") if getattr(self, kind)]
        return "-".join(kinds) + "-embedding"


def float_list(vector: torch.Tensor | np.ndarray) -> list[float]:
    """Nine significant digits: what a float32 needs to come back as itself."""
    return [float(f"{value:.9g}") for value in np.asarray(vector, dtype=np.float32)]
