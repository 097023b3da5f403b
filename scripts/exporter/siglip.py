"""SigLIP, and SigLIP 2 of fixed resolution: a text tower and an image tower with a common embedding space."""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as F

from . import presets, sample_tokenizers
from .checkpoint import licence_of, load_reference, random_reference, read_json, read_weights
from .errors import ExportError
from .layers import Mlp, finished, frozen, split
from .model import ImageTower, Model, TextTower
from .options import PICTURE, TEXT, Options
from .two_towers import TokenizerFile, encoder_layers, read_tokenizer, tokens_of
from .vision import VisionTower, folded_positions

NAME = "siglip"
MODEL_TYPES = ("siglip", "siglip2")
DEFAULTS = {}
OPTIONS = (*PICTURE, *TEXT)
POOLING = "texts: the last of 64 tokens, padding included; pictures: attention; L2"
PREPROCESSING = "preprocessor_config.json, else squash to the model's size, bicubic, mean and std 0.5"
TINY = {"num_hidden_layers": 2, "hidden_size": 64, "num_attention_heads": 4, "intermediate_size": 128}
CONFIGS = {  # for --random-init
    "tiny": {"text_config": {**TINY, "projection_size": 64, "bos_token_id": 1, "eos_token_id": 1, "pad_token_id": 1}, "vision_config": {**TINY, "image_size": 64, "patch_size": 16}},
    "base": {"text_config": {}, "vision_config": {}},
}
UNUSED = (r"position_ids$",)


class SiglipTextTower(torch.nn.Module):
    """As trained: every text is padded to the full length, nothing is masked, and the last place is the vector.

    The module pads by itself, so shorter rows may be given; what the mask leaves out must hold the padding token.
    """

    def __init__(self, reference: torch.nn.Module, pad_id: int, left: bool, normalize: bool):
        super().__init__()
        text, config = reference.text_model, reference.config.text_config
        self.words = frozen(text.embeddings.token_embedding.weight)
        self.positions = frozen(text.embeddings.position_embedding.weight)
        self.layers = torch.nn.ModuleList(encoder_layers(text.encoder, config))
        self.norm, self.head, self.normalize = text.final_layer_norm, text.head, normalize
        self.length, self.left = config.max_position_embeddings, left  # left: padding comes first
        self.register_buffer("padding", torch.full((1, self.length), pad_id))
        self.register_buffer("places", torch.arange(self.length)[None])
        self.requires_grad_(False)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        rows = self.padding.expand(input_ids.size(0), -1)
        full = torch.cat((input_ids, rows), dim=1)[:, : self.length]
        if self.left:
            places = self.places + attention_mask.sum(1, keepdim=True) - self.length
            full = full.gather(1, places.clamp(min=0)).where(places >= 0, self.padding)
        x = F.embedding(full, self.words) + self.positions
        for layer in self.layers:
            x = layer(x)
        return finished(self.head(self.norm(x[:, -1])), self.normalize)


class AttentionPool(torch.nn.Module):
    """One learned query looks at all patches; then a layer of its own."""

    def __init__(self, norm, head: torch.nn.Module, config):
        super().__init__()
        self.norm, self.out = norm, head.attention.out_proj
        self.heads, hidden = config.num_attention_heads, config.hidden_size
        weight, bias = head.attention.in_proj_weight, head.attention.in_proj_bias
        self.probe = frozen(F.linear(head.probe, weight[:hidden], bias[:hidden]))
        self.key, self.value = _linear(weight[hidden:-hidden], bias[hidden:-hidden]), _linear(weight[-hidden:], bias[-hidden:])
        self.norm2, self.mlp = head.layernorm, Mlp(head.mlp.fc1, head.mlp.fc2, config.hidden_act)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.norm(x)
        query = split(self.probe.expand(x.size(0), -1, -1), self.heads)
        attended = F.scaled_dot_product_attention(query, split(self.key(x), self.heads), split(self.value(x), self.heads))
        x = self.out(attended.transpose(1, 2).flatten(2))[:, 0]
        return x + self.mlp(self.norm2(x))


def _linear(weight: torch.Tensor, bias: torch.Tensor) -> torch.nn.Linear:
    layer = torch.nn.Linear(weight.shape[1], weight.shape[0])
    layer.load_state_dict({"weight": weight, "bias": bias})
    return layer


def from_checkpoint(directory: Path, name: str, options: Options) -> Model:
    from transformers import SiglipConfig, SiglipModel

    given = read_json(directory / "config.json")
    if given.get("model_type") == "siglip2":
        raise ExportError(
            f"{directory} is a SigLIP 2 of variable resolution (model_type siglip2, NaFlex), whose pictures have no fixed size",
            "give a SigLIP 2 of fixed resolution, for example google/siglip2-base-patch16-224",
        )
    reference = load_reference(SiglipModel, SiglipConfig(**given), read_weights(directory), str(directory), UNUSED)
    source = {"name": name, "weights": f"checkpoint {name}", "licence": licence_of(directory)}
    return _model(reference, read_tokenizer(directory), directory, name, source, options)


def random_init(given: dict, seed: int, name: str, options: Options) -> Model:
    from transformers import SiglipConfig, SiglipModel

    tokenizer, words = sample_tokenizers.siglip_like()
    given = {**given, "text_config": {**given["text_config"], "vocab_size": words}}
    reference = random_reference(SiglipModel, SiglipConfig(**given), seed)
    source = {"name": name, "weights": f"random, seed {seed}", "licence": "none needed"}
    return _model(reference, TokenizerFile(tokenizer), None, name, source, options)


def _model(reference, tokenizer: TokenizerFile, directory: Path | None, name: str, source: dict, options: Options) -> Model:
    normalize = options.normalize is not False
    text = _text(reference, tokenizer, normalize, options)
    image = _image(reference, directory, normalize, options)
    dim = reference.config.vision_config.hidden_size
    if reference.text_model.head.out_features != dim:
        raise ExportError(
            f"texts have {reference.text_model.head.out_features} values, pictures {dim}", "mend projection_size in config.json"
        )
    return Model(name, NAME, dim, "projection", source, text, image, normalized=normalize)


def _text(reference, tokenizer: TokenizerFile, normalize: bool, options: Options) -> TextTower:
    config = reference.config.text_config
    full = config.max_position_embeddings
    longest = min(options.max_tokens or full, full)
    written, encode, id_of = tokens_of(tokenizer.content, longest)
    pad = id_of(tokenizer.pad_token or "")
    pad = config.pad_token_id if pad is None else pad
    if pad is None or not 0 <= pad < config.vocab_size:
        raise ExportError(f"the padding token is {pad}", "name it as pad_token in tokenizer_config.json")
    left = tokenizer.padding_side == "left"

    def vectors(input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        rows = [row[kept == 1] for row, kept in zip(input_ids, attention_mask)]
        room = [full - len(row) for row in rows]
        ids = torch.stack([F.pad(row, (n, 0) if left else (0, n), value=pad) for row, n in zip(rows, room)])
        return finished(reference.get_text_features(input_ids=ids).pooler_output, normalize)

    module = SiglipTextTower(reference, pad, left, normalize).eval()
    prefixes = options.query_prefix or "", options.document_prefix or ""
    return TextTower(module, written, longest, pad, config.vocab_size, encode, vectors, None, *prefixes)


def _image(reference, directory: Path | None, normalize: bool, options: Options) -> ImageTower:
    vision, config = reference.vision_model, reference.config.vision_config
    default = presets.squash(config.image_size, "bicubic") | presets.HALF
    settings = presets.chosen(directory, default, options, config.patch_size)
    positions = folded_positions(vision.embeddings, config.hidden_size, config.patch_size, presets.window(settings), 0)
    layers = encoder_layers(vision.encoder, config)
    pool = AttentionPool(vision.post_layernorm, vision.head, config)
    tower = VisionTower(vision.embeddings.patch_embedding, positions, None, layers, pool, normalize)

    def vectors(pixels: torch.Tensor) -> torch.Tensor:
        output = reference.get_image_features(pixel_values=pixels, interpolate_pos_encoding=True)
        return finished(output.pooler_output, normalize)

    return ImageTower(tower.eval(), settings, vectors)
