"""Measures the effect of bf16 on a tower's vectors at export; the result is stored in the package for
`--precision auto`.

Expensive operations are simulated with inputs, weights and results rounded to bf16 and sums in fp32, like processors
with bf16 instructions and pmatch's rewritten modules (docs/models.md). So the result does not depend on the exporting
processor."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch.overrides import TorchFunctionMode

from .golden import TEXTS, normalised_picture, sample_picture
from .model import ImageTower, Model, TextTower

STEPS = {F.linear, F.conv1d, F.conv2d, F.conv3d, torch.conv1d, torch.conv2d, torch.conv3d, F.scaled_dot_product_attention}
PICTURES = 12
NOUNS = ("desk lamp", "running shoe", "stoneware mug", "laptop sleeve", "garden hose", "wireless mouse", "wool scarf", "drill bit set")
DETAILS = ("black", "2-pack, 35.90", "with lid, 12 oz, blue and white", "model PSLX350H, refurbished, 33-1/3 and 45 RPM, belt drive system")


class Rounded(TorchFunctionMode):
    """The heavy steps compute with numbers of this type, everything else goes on in fp32."""

    def __init__(self, dtype: torch.dtype):
        super().__init__()
        self.dtype = dtype

    def __torch_function__(self, function, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        if function not in STEPS:
            return function(*args, **kwargs)
        kwargs = {name: self.rounded(value) for name, value in kwargs.items()}
        return self.rounded(function(*map(self.rounded, args), **kwargs))

    def rounded(self, value):
        is_float = isinstance(value, torch.Tensor) and value.is_floating_point()
        return value.to(self.dtype).float() if is_float else value


def losses(model: Model) -> dict[str, float]:
    """Precision → the largest 1 - cosine between a vector computed in it and one computed in fp32."""
    worst = []
    if model.text and model.text.file is None:
        worst.append(_worst(model.text.module, _texts(model.text)))
    if model.image and model.image.file is None:
        worst.append(_worst(model.image.module, _pictures(model.image)))
    towers = [tower for tower in (model.text, model.image) if tower]
    return {"bf16": max(worst)} if worst and len(worst) == len(towers) else {}


def _worst(module: torch.nn.Module, inputs: list[tuple[torch.Tensor, ...]]) -> float:
    least = 1.0
    with torch.no_grad():
        for one in inputs:
            exact = module(*one).double()
            with Rounded(torch.bfloat16):
                rounded = module(*one)
            least = min(least, F.cosine_similarity(rounded.double(), exact).min().item())
    return float(f"{max(1 - least, 0):.3g}")


def _texts(tower: TextTower) -> list[tuple[torch.Tensor, torch.Tensor]]:
    made = [f"{detail} {noun}" for noun in NOUNS for detail in DETAILS]
    tokens = [torch.tensor([tower.reference_tokens(text)]) for text in [*(text for _, text in TEXTS), *made]]
    return [(one, torch.ones_like(one)) for one in tokens]


def _pictures(tower: ImageTower) -> list[tuple[torch.Tensor]]:
    made = [sample_picture(240 + 20 * seed, 300, seed) for seed in range(PICTURES)]
    return [(normalised_picture(picture, tower.preprocess)[None],) for picture in made]
