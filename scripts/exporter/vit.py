"""ViT and DINO (the first): the class token after the final norm."""

from __future__ import annotations

from pathlib import Path

import torch

from . import presets
from .checkpoint import licence_of, load_reference, random_reference, read_json, read_weights
from .layers import Attention, Layer, Mlp, finished
from .model import ImageTower, Model
from .options import PICTURE, Options
from .vision import POOLS, TokenPool, VisionTower, folded_positions

NAME = "vit"
MODEL_TYPES = ("vit",)
DEFAULTS = {}
OPTIONS = (*PICTURE, "pool")
POOLING = "cls (after the final norm), mean (of the patches), cls+mean (both, twice the values); L2"
PREPROCESSING = "preprocessor_config.json, else squash to the model's size, bilinear, mean and std 0.5"
CONFIGS = {  # for --random-init
    "tiny": {"num_hidden_layers": 2, "hidden_size": 64, "num_attention_heads": 4, "intermediate_size": 128, "image_size": 64},
    "small": {"num_hidden_layers": 12, "hidden_size": 384, "num_attention_heads": 6, "intermediate_size": 1536},
    "base": {"num_hidden_layers": 12, "hidden_size": 768, "num_attention_heads": 12, "intermediate_size": 3072},
}
UNUSED = (r"^classifier\.", r"^pooler\.", r"^vit\.pooler\.")


def from_checkpoint(directory: Path, name: str, options: Options) -> Model:
    from transformers import ViTConfig, ViTModel

    config = ViTConfig(**read_json(directory / "config.json"))
    reference = load_reference(ViTModel, config, read_weights(directory), str(directory), UNUSED, add_pooling_layer=False)
    source = {"name": name, "weights": f"checkpoint {name}", "licence": licence_of(directory)}
    return _model(reference, name, source, directory, options)


def random_init(given: dict, seed: int, name: str, options: Options) -> Model:
    from transformers import ViTConfig, ViTModel

    reference = random_reference(ViTModel, ViTConfig(**given), seed, add_pooling_layer=False)
    source = {"name": name, "weights": f"random, seed {seed}", "licence": "none needed"}
    return _model(reference, name, source, None, options)


def _model(reference, name: str, source: dict, directory: Path | None, options: Options) -> Model:
    config, embeddings = reference.config, reference.embeddings
    default = presets.squash(config.image_size, "bilinear") | presets.HALF
    settings = presets.chosen(directory, default, options, config.patch_size)
    size = presets.window(settings)
    kind, normalize = options.one_of("pool", POOLS, "cls"), options.normalize is not False
    pool = TokenPool(reference.layernorm, kind, 1)
    positions = folded_positions(embeddings, config.hidden_size, config.patch_size, size, 1)
    layers = [_layer(layer, config) for layer in reference.layers]
    extra = embeddings.cls_token + positions[:, :1]
    tower = VisionTower(embeddings.patch_embeddings.projection, positions[:, 1:], extra, layers, pool, normalize)

    def vectors(pixels: torch.Tensor) -> torch.Tensor:
        hidden = reference(pixel_values=pixels, interpolate_pos_encoding=True).last_hidden_state
        return finished(pool.reference(hidden), normalize)

    dim = config.hidden_size * (2 if kind == "cls+mean" else 1)
    image = ImageTower(tower.eval(), settings, vectors)
    return Model(name, NAME, dim, kind, source, image=image, normalized=normalize)


def _layer(layer, config) -> Layer:
    own = layer.attention
    attend = Attention(own.q_proj, own.k_proj, own.v_proj, own.o_proj, config.num_attention_heads)
    return Layer(layer.layernorm_before, attend, layer.layernorm_after, Mlp(layer.mlp.fc1, layer.mlp.fc2, config.hidden_act))
