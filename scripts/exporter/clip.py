"""CLIP: a text tower and an image tower with a common embedding space."""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as F

from . import presets, sample_tokenizers
from .checkpoint import licence_of, load_reference, random_reference, read_json, read_weights
from .errors import ExportError
from .layers import finished, frozen
from .model import ImageTower, Model, TextTower
from .options import PICTURE, TEXT, Options
from .two_towers import encoder_layers, read_tokenizer, tokens_of
from .vision import TokenPool, VisionTower, folded_positions

NAME = "clip"
MODEL_TYPES = ("clip",)
DEFAULTS = {}
OPTIONS = (*PICTURE, *TEXT)
POOLING = "texts: end token; pictures: cls; both projected; L2"
PREPROCESSING = "preprocessor_config.json, else shortest side and crop of the model's size, bicubic, OpenAI's mean and std"
TINY = {"num_hidden_layers": 2, "hidden_size": 64, "num_attention_heads": 4, "intermediate_size": 128}
CONFIGS = {  # for --random-init
    "tiny": {
        "projection_dim": 48,
        "text_config": {**TINY, "bos_token_id": 0, "eos_token_id": 1, "pad_token_id": 1},
        "vision_config": {**TINY, "hidden_size": 96, "image_size": 64, "patch_size": 16},
    },
    "base": {"text_config": {"bos_token_id": 0, "eos_token_id": 1}, "vision_config": {}},
}
UNUSED = (r"position_ids$",)
LEGACY_END = 2  # what old configurations call the end token, whatever it is


class ClipTextTower(torch.nn.Module):
    """The attention is causal, so padding after the end token changes nothing before it; the mask is not needed."""

    def __init__(self, reference: torch.nn.Module, normalize: bool):
        super().__init__()
        text, config = reference.text_model, reference.config.text_config
        self.words = frozen(text.embeddings.token_embedding.weight)
        self.positions = frozen(text.embeddings.position_embedding.weight)
        self.layers = torch.nn.ModuleList(encoder_layers(text.encoder, config, causal=True))
        self.norm, self.projection = text.final_layer_norm, reference.text_projection
        self.end, self.normalize = config.eos_token_id, normalize
        self.requires_grad_(False)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        x = F.embedding(input_ids, self.words) + self.positions[: input_ids.size(1)]
        for layer in self.layers:
            x = layer(x)
        # The first end token; where the configuration names none, it is the highest number there is.
        ends = input_ids if self.end == LEGACY_END else (input_ids == self.end).int()
        place = ends.argmax(dim=1)[:, None, None].expand(-1, -1, x.size(2))
        return finished(self.projection(self.norm(x.gather(1, place)[:, 0])), self.normalize)


def from_checkpoint(directory: Path, name: str, options: Options) -> Model:
    from transformers import CLIPConfig, CLIPModel

    config = CLIPConfig(**read_json(directory / "config.json"))
    reference = load_reference(CLIPModel, config, read_weights(directory), str(directory), UNUSED)
    source = {"name": name, "weights": f"checkpoint {name}", "licence": licence_of(directory)}
    return _model(reference, read_tokenizer(directory).content, directory, name, source, options)


def random_init(given: dict, seed: int, name: str, options: Options) -> Model:
    from transformers import CLIPConfig, CLIPModel

    tokenizer, words = sample_tokenizers.clip_like()
    given = {**given, "text_config": {**given["text_config"], "vocab_size": words}}
    reference = random_reference(CLIPModel, CLIPConfig(**given), seed)
    source = {"name": name, "weights": f"random, seed {seed}", "licence": "none needed"}
    return _model(reference, tokenizer, None, name, source, options)


def _model(reference, tokenizer: bytes, directory: Path | None, name: str, source: dict, options: Options) -> Model:
    normalize = options.normalize is not False
    text = _text(reference, tokenizer, normalize, options)
    image = _image(reference, directory, normalize, options)
    dim = reference.config.projection_dim
    return Model(name, NAME, dim, "projection", source, text, image, normalized=normalize)


def _text(reference, tokenizer: bytes, normalize: bool, options: Options) -> TextTower:
    config = reference.config.text_config
    longest = min(options.max_tokens or config.max_position_embeddings, config.max_position_embeddings)
    written, encode, _ = tokens_of(tokenizer, longest)
    end = encode("a")[-1]  # pads too: whichever end token comes first is the text's own
    if config.eos_token_id not in (end, LEGACY_END):
        raise ExportError(
            f"the tokenizer ends a text with token {end}, config.json says {config.eos_token_id}",
            "give the tokenizer.json and config.json that belong together",
        )

    def vectors(input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        output = reference.get_text_features(input_ids=input_ids, attention_mask=attention_mask)
        return finished(output.pooler_output, normalize)

    module = ClipTextTower(reference, normalize).eval()
    prefixes = options.query_prefix or "", options.document_prefix or ""
    return TextTower(module, written, longest, end, config.vocab_size, encode, vectors, end, *prefixes)


def _image(reference, directory: Path | None, normalize: bool, options: Options) -> ImageTower:
    vision, config = reference.vision_model, reference.config.vision_config
    default = presets.shortest(config.image_size, config.image_size, "bicubic") | presets.OPENAI
    settings = presets.chosen(directory, default, options, config.patch_size)
    embeddings = vision.embeddings
    positions = folded_positions(embeddings, config.hidden_size, config.patch_size, presets.window(settings), 1)
    tower = VisionTower(
        embeddings.patch_embedding,
        positions[:, 1:],
        embeddings.class_embedding + positions[:, :1],
        encoder_layers(vision.encoder, config),
        TokenPool(vision.post_layernorm, "cls", 1),
        normalize,
        before=vision.pre_layrnorm,
        head=reference.visual_projection,
    )

    def vectors(pixels: torch.Tensor) -> torch.Tensor:
        output = reference.get_image_features(pixel_values=pixels, interpolate_pos_encoding=True)
        return finished(output.pooler_output, normalize)

    return ImageTower(tower.eval(), settings, vectors)
