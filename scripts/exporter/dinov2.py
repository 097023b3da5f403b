"""DINOv2 with the ordinary MLP (small, base, large): the class token after the final norm."""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as F

from .checkpoint import licence_of, load_strictly, randomise, read_json, read_weights
from .errors import ExportError
from .model import ImageTower, Model

NAME = "dinov2"
MODEL_TYPES = ("dinov2",)
DEFAULTS = {}  # no package registry carries the weights: give facebook/dinov2-small or a checkpoint directory
SIZES = {  # layers, hidden, heads, image size of the position table
    "tiny": (2, 64, 4, 70),
    "small": (12, 384, 6, 518),
    "base": (12, 768, 12, 518),
}
UNUSED = (r"classifier\.",)
# What the published checkpoints call the layers, and what transformers 5 does.
RENAMED = {
    "attention.attention.query.": "attention.q_proj.",
    "attention.attention.key.": "attention.k_proj.",
    "attention.attention.value.": "attention.v_proj.",
    "attention.output.dense.": "attention.o_proj.",
}
FILTERS = {2: "bilinear", 3: "bicubic"}  # Pillow's numbers, as preprocessor_config.json has them


class Dinov2Layer(torch.nn.Module):
    def __init__(self, layer: torch.nn.Module, heads: int):
        super().__init__()
        attention, scale1, scale2 = layer.attention, layer.layer_scale1.lambda1, layer.layer_scale2.lambda1
        self.heads, self.width = heads, attention.head_dim
        self.norm1, self.norm2 = layer.norm1, layer.norm2
        self.query, self.key, self.value = attention.q_proj, attention.k_proj, attention.v_proj
        self.attended = _scaled(attention.o_proj, scale1)
        self.wide, self.narrow = layer.mlp.fc1, _scaled(layer.mlp.fc2, scale2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.norm1(x)
        query, key, value = (
            part(y).unflatten(-1, (self.heads, self.width)).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        )
        attended = F.scaled_dot_product_attention(query, key, value).transpose(1, 2).flatten(2)
        x = x + self.attended(attended)
        return x + self.narrow(F.gelu(self.wide(self.norm2(x))))


class Dinov2Tower(torch.nn.Module):
    """The encoder over the reference's layers, with the position table folded for one picture size and the
    layer scales folded into the layers before them."""

    def __init__(self, reference: torch.nn.Module, height: int, width: int):
        super().__init__()
        embeddings, config = reference.embeddings, reference.config
        patch = config.patch_size
        grid = (height // patch, width // patch)
        positions = embeddings.position_embeddings.detach()
        self.patches = embeddings.patch_embeddings.projection
        self.first = torch.nn.Parameter(embeddings.cls_token.detach() + positions[:, :1], False)
        self.positions = torch.nn.Parameter(_resample(positions[:, 1:], grid), False)
        self.layers = torch.nn.ModuleList(
            Dinov2Layer(layer, config.num_attention_heads) for layer in reference.encoder.layer
        )
        self.norm = reference.layernorm
        self.requires_grad_(False)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        x = self.patches(pixels).flatten(2).transpose(1, 2) + self.positions
        x = torch.cat((self.first.expand(x.size(0), -1, -1), x), dim=1)
        for layer in self.layers:
            x = layer(x)
        return F.normalize(self.norm(x[:, 0]).float(), dim=1)


def _scaled(linear: torch.nn.Linear, scale: torch.Tensor) -> torch.nn.Linear:
    """The linear layer followed by the scale, as one linear layer."""
    folded = torch.nn.Linear(linear.in_features, linear.out_features)
    folded.load_state_dict({"weight": linear.weight * scale[:, None], "bias": linear.bias * scale})
    return folded


def _resample(table: torch.Tensor, grid: tuple[int, int]) -> torch.Tensor:
    """The patch positions [1,N,hidden] of the square grid they were trained on, for another grid."""
    side = round(table.shape[1] ** 0.5)
    if (side, side) == grid:
        return table.clone()
    square = table.reshape(1, side, side, -1).permute(0, 3, 1, 2)
    return F.interpolate(square, size=grid, mode="bicubic", align_corners=False).flatten(2).transpose(1, 2).contiguous()


def from_checkpoint(directory: Path, name: str) -> Model:
    from transformers import Dinov2Config

    config = Dinov2Config(**read_json(directory / "config.json"))
    reference = _reference(config)
    weights = {_modern(key): value for key, value in read_weights(directory).items()}
    load_strictly(reference, weights, str(directory), prefix="dinov2.", unused=UNUSED)
    source = {"name": name, "weights": f"checkpoint {name}", "licence": licence_of(directory)}
    return _model(reference, name, source, _preprocess(directory))


def random_init(size: str, seed: int, name: str) -> Model:
    from transformers import Dinov2Config

    layers, hidden, heads, image_size = SIZES[size]
    config = Dinov2Config(
        num_hidden_layers=layers, hidden_size=hidden, num_attention_heads=heads, image_size=image_size
    )
    reference = _reference(config)
    randomise(reference, seed)
    source = {"name": name, "weights": f"random, seed {seed}", "licence": "none needed"}
    return _model(reference, name, source, _preprocess(None))


def _reference(config) -> torch.nn.Module:
    from transformers import Dinov2Model

    if config.use_swiglu_ffn or config.hidden_act != "gelu" or not config.qkv_bias:
        raise ExportError(
            f"the checkpoint has use_swiglu_ffn {config.use_swiglu_ffn}, hidden_act {config.hidden_act}, "
            f"qkv_bias {config.qkv_bias}",
            "give one of facebook/dinov2-small, -base, -large, or add the variant to scripts/exporter/dinov2.py",
        )
    config._attn_implementation = "eager"
    return Dinov2Model(config).eval().requires_grad_(False)


def _modern(key: str) -> str:
    for old, new in RENAMED.items():
        key = key.replace(old, new)
    return key


def _model(reference: torch.nn.Module, name: str, source: dict, preprocess: dict) -> Model:
    window, patch = preprocess["crop"], reference.config.patch_size
    if window["height"] % patch or window["width"] % patch:
        raise ExportError(
            f"the crop of {window['height']} x {window['width']} pixels is not a whole number of {patch}-pixel patches",
            "mend crop_size in preprocessor_config.json",
        )

    def vectors(pixels: torch.Tensor) -> torch.Tensor:
        return F.normalize(reference(pixel_values=pixels).last_hidden_state[:, 0], dim=1)

    tower = Dinov2Tower(reference, window["height"], window["width"]).eval()
    return Model(
        name, NAME, reference.config.hidden_size, "cls", source, image=ImageTower(tower, preprocess, vectors)
    )


def _preprocess(directory: Path | None) -> dict:
    """As preprocessor_config.json says; without one, as the published checkpoints have it."""
    file = directory / "preprocessor_config.json" if directory else None
    given = read_json(file) if file and file.is_file() else {}
    try:
        crop = given.get("crop_size", {"height": 224, "width": 224})
        return {
            "resize": {
                "mode": "shortest",
                "size": given.get("size", {"shortest_edge": 256})["shortest_edge"],
                "filter": FILTERS[given.get("resample", 3)],
                "antialias": True,
            },
            "crop": {"height": crop["height"], "width": crop["width"]},
            "rescale": given.get("rescale_factor", 1 / 255),
            "mean": given.get("image_mean", [0.485, 0.456, 0.406]),
            "std": given.get("image_std", [0.229, 0.224, 0.225]),
        }
    except (KeyError, TypeError) as error:
        raise ExportError(
            f"{file} asks for a resize or crop the exporter does not know ({error})",
            "give size.shortest_edge, crop_size.height and .width, and resample 2 or 3",
        ) from error
