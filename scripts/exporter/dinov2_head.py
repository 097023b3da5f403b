"""State dicts with a linear head and optionally the DINOv2 backbone it was trained with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import torch

from .checkpoint import load_strictly, read_state_dict
from .errors import ExportError

# Where people put the head and the backbone in their module.
HEADS = r"^(?:(?:head|projection|proj|projector|fc|linear|embedding)\.(?:\d+\.|linear\.|fc\.)?)?(weight|bias)$"
BACKBONES = ("backbone.", "encoder_model.", "dinov2_with_registers.", "dinov2.", "model.", "vit.", "transformer.")
# The names of the original repository -> those of transformers, in this order.
ORIGINAL = (
    (r"^blocks\.(?:\d+\.)?(\d+)\.", r"encoder.layer.\1."),
    (r"^patch_embed\.proj\.", "embeddings.patch_embeddings.projection."),
    (r"^pos_embed$", "embeddings.position_embeddings"),
    (r"^(cls_token|mask_token|register_tokens)$", r"embeddings.\1"),
    (r"^norm\.", "layernorm."),
    (r"\.attn\.proj\.", ".attention.o_proj."),
    (r"\.ls(\d)\.gamma$", r".layer_scale\1.lambda1"),
    (r"\.mlp\.w3\.", ".mlp.down_proj."),
)


@dataclass
class Head:
    file: Path
    weights: dict[str, torch.Tensor]  # weight, bias
    backbone: dict[str, torch.Tensor]  # by transformers' names; empty when the file holds the head alone

    def linear(self, inputs: int) -> torch.nn.Linear:
        shape = self.weights["weight"].shape if "weight" in self.weights else torch.Size([1, inputs])
        if len(shape) != 2 or shape[1] != inputs:
            raise ExportError(
                f"{self.file}: the head's weight is {list(shape)}, expected [values, {inputs}]",
                f"give the head that belongs to this backbone and --pool: the pooled vector has {inputs} values",
            )
        layer = torch.nn.Linear(inputs, shape[0])
        load_strictly(layer, self.weights, f"{self.file} (head)")
        return layer.eval().requires_grad_(False)


def read_head(file: Path, config) -> Head:
    head: dict[str, torch.Tensor] = {}
    backbone: dict[str, torch.Tensor] = {}
    for key, value in read_state_dict(file).items():
        found = re.match(HEADS, key)
        if not found:
            backbone[key] = value
        elif found.group(1) in head:
            raise ExportError(f"{file} has a second head: {key}", "give a state dict with one linear layer behind the backbone")
        else:
            head[found.group(1)] = value
    if not head:
        raise ExportError(
            f"{file} holds no head, its first weights are: {', '.join(list(backbone)[:3])}",
            "name it head.weight and head.bias (or projection., fc., linear.)",
        )
    return Head(file, head, _modern(backbone, config))


def _modern(weights: dict[str, torch.Tensor], config) -> dict[str, torch.Tensor]:
    """The keys without the name of the backbone, the original repository's names translated."""
    for prefix in BACKBONES:
        if weights and all(key.startswith(prefix) for key in weights):
            weights = {key.removeprefix(prefix): value for key, value in weights.items()}
    if "pos_embed" not in weights:
        return weights
    result: dict[str, torch.Tensor] = {}
    for key, value in weights.items():
        for old, new in ORIGINAL:
            key = re.sub(old, new, key)
        if ".attn.qkv." in key:
            for part, piece in zip("qkv", value.chunk(3)):
                result[key.replace(".attn.qkv.", f".attention.{part}_proj.")] = piece
        elif ".mlp.w12." in key:
            for part, piece in zip(("gate", "up"), value.chunk(2)):
                result[key.replace(".mlp.w12.", f".mlp.{part}_proj.")] = piece
        else:
            result[key] = value
    return result
