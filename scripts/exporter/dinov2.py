"""DINOv2, with and without registers, small to giant, optionally with a trained head."""

from __future__ import annotations

from pathlib import Path

import torch

from . import presets
from .checkpoint import licence_of, load_reference, random_reference, read_json, read_weights
from .dinov2_head import Head, read_head
from .errors import ExportError
from .layers import Attention, GatedMlp, Layer, Mlp, finished, scaled
from .model import ImageTower, Model
from .options import PICTURE, Options
from .vision import POOLS, TokenPool, VisionTower, folded_positions

NAME = "dinov2"
MODEL_TYPES = ("dinov2", "dinov2_with_registers")
DEFAULTS = {}  # no package registry carries the weights: give facebook/dinov2-small or a checkpoint directory
OPTIONS = (*PICTURE, "pool", "head")
POOLING = "cls (after the final norm), mean (of the patches), cls+mean (both, twice the values); L2"
PREPROCESSING = "preprocessor_config.json, else shortest256-crop224-bicubic, ImageNet mean and std"
PREPROCESS = presets.shortest(256, 224, "bicubic") | presets.IMAGENET
CONFIGS = {  # for --random-init
    "tiny": {"num_hidden_layers": 2, "hidden_size": 64, "num_attention_heads": 4, "image_size": 70},
    "small": {"num_hidden_layers": 12, "hidden_size": 384, "num_attention_heads": 6, "image_size": 518},
    "base": {"num_hidden_layers": 12, "hidden_size": 768, "num_attention_heads": 12, "image_size": 518},
    "large": {"num_hidden_layers": 24, "hidden_size": 1024, "num_attention_heads": 16, "image_size": 518},
    "giant": {"num_hidden_layers": 40, "hidden_size": 1536, "num_attention_heads": 24, "image_size": 518, "use_swiglu_ffn": True},
}
CONFIGS |= {f"{name}-registers": {**config, "num_register_tokens": 4, "patch_size": 14} for name, config in CONFIGS.items()}
UNUSED = (r"^classifier\.",)


def from_checkpoint(directory: Path, name: str, options: Options) -> Model:
    given = read_json(directory / "config.json")
    config, model_class = _kind(given)
    weights = read_weights(directory)
    head = read_head(options.head, config) if options.head else None
    if head and head.backbone:
        weights = head.backbone  # all of them, or load_reference refuses
    where = str(options.head if head and head.backbone else directory)
    reference = load_reference(model_class, config, weights, where, UNUSED)
    source = {"name": name, "weights": f"checkpoint {name}", "licence": licence_of(directory)}
    settings = presets.chosen(directory, PREPROCESS, options, config.patch_size)
    return _model(reference, name, source, settings, options, head)


def random_init(given: dict, seed: int, name: str, options: Options) -> Model:
    config, model_class = _kind(given)
    head = read_head(options.head, config) if options.head else None
    if head and head.backbone:
        reference = load_reference(model_class, config, head.backbone, str(options.head), UNUSED)
    else:
        reference = random_reference(model_class, config, seed)
    source = {"name": name, "weights": f"random, seed {seed}", "licence": "none needed"}
    settings = presets.chosen(None, PREPROCESS, options, config.patch_size)
    return _model(reference, name, source, settings, options, head)


def _kind(given: dict):
    from transformers import Dinov2Config, Dinov2Model, Dinov2WithRegistersConfig, Dinov2WithRegistersModel

    given = {key: value for key, value in given.items() if key != "model_type"}
    if "num_register_tokens" in given:
        return Dinov2WithRegistersConfig(**given), Dinov2WithRegistersModel
    return Dinov2Config(**given), Dinov2Model


def _model(reference, name: str, source: dict, settings: dict, options: Options, head: Head | None) -> Model:
    config = reference.config
    kind = options.one_of("pool", POOLS, "cls")
    normalize = options.normalize is not False
    extra = 1 + getattr(config, "num_register_tokens", 0)
    pool = TokenPool(reference.layernorm, kind, extra)
    dim = config.hidden_size * (2 if kind == "cls+mean" else 1)
    linear = head.linear(dim) if head else None
    height, width = presets.window(settings)
    tower = _tower(reference, (height, width), pool, normalize, linear)

    def vectors(pixels: torch.Tensor) -> torch.Tensor:
        vector = pool.reference(reference(pixel_values=pixels).last_hidden_state)
        return finished(linear(vector) if linear else vector, normalize)

    pooling = f"{kind}, linear" if head else kind
    image = ImageTower(tower.eval(), settings, vectors)
    return Model(name, NAME, linear.out_features if linear else dim, pooling, source, image=image, normalized=normalize)


def _tower(reference, size: tuple[int, int], pool: TokenPool, normalize: bool, linear) -> VisionTower:
    embeddings, config = reference.embeddings, reference.config
    positions = folded_positions(embeddings, config.hidden_size, config.patch_size, size, 1)
    extra = embeddings.cls_token + positions[:, :1]
    if getattr(config, "num_register_tokens", 0):
        extra = torch.cat((extra, embeddings.register_tokens), dim=1)  # they have no position
    layers = [_layer(layer, config) for layer in reference.encoder.layer]
    return VisionTower(embeddings.patch_embeddings.projection, positions[:, 1:], extra, layers, pool, normalize, head=linear)


def _layer(layer, config) -> Layer:
    """The reference's layer, its two layer scales folded into the linear layers before them."""
    attention, mlp = layer.attention, layer.mlp
    scale1, scale2 = layer.layer_scale1.lambda1, layer.layer_scale2.lambda1
    out = scaled(attention.o_proj, scale1)
    if config.use_swiglu_ffn:
        wide: torch.nn.Module = GatedMlp(mlp.gate_proj, mlp.up_proj, scaled(mlp.down_proj, scale2))
    else:
        wide = Mlp(mlp.fc1, scaled(mlp.fc2, scale2), config.hidden_act)
    heads = config.num_attention_heads
    if config.hidden_size % heads:
        raise ExportError(f"hidden_size {config.hidden_size} is no multiple of {heads} heads", "mend config.json")
    attend = Attention(attention.q_proj, attention.k_proj, attention.v_proj, out, heads)
    return Layer(layer.norm1, attend, layer.norm2, wide)
