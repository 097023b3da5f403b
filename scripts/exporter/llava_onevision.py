"""LLaVA-OneVision: a SigLIP tower, a projector and a Qwen2 decoder, for captioning."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import torch

from . import random_llava
from .checkpoint import licence_of, read_json, refuse_problems
from .errors import ExportError
from .layers import Mlp, frozen
from .model import CaptionTower, Model
from .options import Options
from .presets import FILTERS
from .qwen2 import Decoder
from .two_towers import encoder_layers, tokens_of

NAME = "llava-onevision"
MODEL_TYPES = ("llava_onevision",)
DEFAULTS = {}
OPTIONS = ()
POOLING = "none: it writes captions"
PREPROCESSING = "preprocessor_config.json; tiles (anyres_max_9) or a single view"
CONFIGS = {  # for --random-init
    "tiny": {
        "vision_config": {"model_type": "siglip_vision_model", "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2, "num_attention_heads": 4, "image_size": 112, "patch_size": 14, "vision_use_head": False},
        "text_config": {"model_type": "qwen2", "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 4, "num_attention_heads": 4, "num_key_value_heads": 2, "tie_word_embeddings": True, "rope_theta": 1e6},
    },
    "0.5b": {
        "vision_config": {"model_type": "siglip_vision_model", "hidden_size": 1152, "intermediate_size": 4304, "num_hidden_layers": 26, "num_attention_heads": 16, "image_size": 384, "patch_size": 14, "vision_use_head": False},
        "text_config": {"model_type": "qwen2", "hidden_size": 896, "intermediate_size": 4864, "num_hidden_layers": 24, "num_attention_heads": 14, "num_key_value_heads": 2, "vocab_size": 152000, "tie_word_embeddings": True, "rope_theta": 1e6},
    },
}
PROMPT = "Describe the product in this picture: what it is, its colour, material, pattern and brand, if visible."
MAX_NEW_TOKENS = 128
IMAGE, SENTINEL = "<image>", "\x02prompt\x03"


class CaptionVision(torch.nn.Module):
    """pixels [N,3,size,size] -> f32[N,patches,H]: the tower's layers, no final norm, then the projector."""

    def __init__(self, vision: torch.nn.Module, projector: torch.nn.Module, layers: int, activation: str):
        super().__init__()
        vision = getattr(vision, "vision_model", vision)
        self.patches = vision.embeddings.patch_embedding
        self.positions = frozen(vision.embeddings.position_embedding.weight[None])
        self.layers = torch.nn.ModuleList(encoder_layers(vision.encoder, vision.config)[:layers])
        self.projector = Mlp(projector.linear_1, projector.linear_2, activation)
        self.requires_grad_(False)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        x = self.patches(pixels.type_as(self.positions)).flatten(2).transpose(1, 2) + self.positions
        for layer in self.layers:
            x = layer(x)
        return self.projector(x).float()


def from_checkpoint(directory: Path, name: str, options: Options) -> Model:
    reference = load(directory)
    config = reference.config
    source = {"name": name, "weights": f"checkpoint {name}", "licence": licence_of(directory)}
    vision = CaptionVision(
        reference.model.vision_tower, reference.model.multi_modal_projector, _layers(config), config.projector_hidden_act
    )
    decoder = Decoder(reference.model.language_model, reference.lm_head, reference.model.image_newline)
    settings, tokenizer = _settings(directory, reference)
    size = config.vision_config.image_size
    with torch.no_grad():
        traced = torch.jit.trace(vision.eval(), torch.zeros(2, 3, size, size), check_trace=False, _store_inputs=False)
    tower = CaptionTower(traced, torch.jit.script(decoder.eval()), tokenizer, settings)
    return Model(name, NAME, 0, "", source, caption=tower, normalized=False)


def random_init(given: dict, seed: int, name: str, options: Options) -> Model:
    with tempfile.TemporaryDirectory() as directory:
        random_llava.write_checkpoint(given, seed, Path(directory))
        model = from_checkpoint(Path(directory), name, options)
    model.source = {"name": name, "weights": f"random, seed {seed}", "licence": "none needed"}
    return model


def load(directory: Path, dtype="auto", attention: str = "sdpa") -> torch.nn.Module:
    """The reference library's model, weights in the checkpoint's dtype; exactly the weights it requires."""
    import transformers
    from transformers import LlavaOnevisionForConditionalGeneration

    transformers.logging.disable_progress_bar()
    verbosity = transformers.logging.get_verbosity()
    transformers.logging.set_verbosity(transformers.logging.CRITICAL)
    try:
        model, info = LlavaOnevisionForConditionalGeneration.from_pretrained(
            directory,
            dtype=dtype,
            attn_implementation=attention,
            output_loading_info=True,
            ignore_mismatched_sizes=True,
            local_files_only=True,
        )
    except (RuntimeError, ValueError, OSError) as error:
        reason = str(error).strip().splitlines()[0]
        raise ExportError(f"{directory} does not load: {reason}", "give a directory as `save_pretrained` writes it") from error
    finally:
        transformers.logging.set_verbosity(verbosity)
    misshapen = [f"{key} {list(found)} instead of {list(wanted)}" for key, found, wanted in info["mismatched_keys"]]
    refuse_problems(str(directory), type(model).__name__, info["missing_keys"], info["unexpected_keys"], misshapen)
    return model.eval().requires_grad_(False)


def _layers(config) -> int:
    """How many of the tower's layers make the features; hidden_states[0] are the embeddings."""
    found = {
        "vision_config.model_type": (config.vision_config.model_type, "siglip_vision_model"),
        "vision_feature_select_strategy": (config.vision_feature_select_strategy, "full"),
        "text_config.model_type": (config.text_config.model_type, "qwen2"),
    }
    for key, (value, wanted) in found.items():
        if value != wanted:
            raise ExportError(f"the checkpoint's {key} is {value!r}, expected {wanted!r}", "give a LLaVA-OneVision of SigLIP and Qwen2")
    layers = config.vision_config.num_hidden_layers
    index = config.vision_feature_layer
    if not isinstance(index, int) or not -layers <= index <= -1:
        raise ExportError(f"the checkpoint's vision_feature_layer is {index!r}", f"it must be one layer, -{layers} to -1")
    return layers + 1 + index


def _settings(directory: Path, reference: torch.nn.Module) -> tuple[dict, bytes]:
    config, text = reference.config, reference.config.text_config
    tokenizer_file = directory / "tokenizer.json"
    if not tokenizer_file.is_file():
        raise ExportError(
            f"{tokenizer_file} is missing", "write it with: transformers.AutoTokenizer.from_pretrained(DIR).save_pretrained(DIR)"
        )
    tokenizer, encode, id_of = tokens_of(tokenizer_file.read_bytes(), text.max_position_embeddings)
    image_token = config.image_token_id
    if id_of(IMAGE) != image_token:
        raise ExportError(f"{IMAGE} is token {id_of(IMAGE)}, config.json says {image_token}", "fetch the checkpoint again")
    size, patch = config.vision_config.image_size, config.vision_config.patch_size
    generation = reference.generation_config
    return {
        "vision": "vision.pt",
        "decoder": "decoder.pt",
        "tokenizer": "tokenizer.json",
        "preprocess": _preprocess(directory, config, size),
        "grid": size // patch,
        "modes": {
            "anyres": {"pinpoints": config.image_grid_pinpoints, "max_views": _max_views(config)},
            "single": {},
        },
        "prompt": {**_prompt(directory), "text": PROMPT},
        "image_token": image_token,
        "stop_tokens": _stop_tokens(generation, text, id_of),
        "repetition_penalty": float(generation.repetition_penalty or 1.0),
        "max_new_tokens": MAX_NEW_TOKENS,
        "shape": {
            "hidden": text.hidden_size,
            "layers": text.num_hidden_layers,
            "kv_heads": text.num_key_value_heads,
            "head_dim": reference.model.language_model.layers[0].self_attn.head_dim,
            "vocabulary": text.vocab_size,
            "positions": text.max_position_embeddings,
        },
    }, tokenizer


def _max_views(config) -> int:
    ratio = config.vision_aspect_ratio
    if not ratio.startswith("anyres_max_") or not ratio.removeprefix("anyres_max_").isdigit():
        raise ExportError(f"the checkpoint's vision_aspect_ratio is {ratio!r}, expected anyres_max_N", "fetch the checkpoint again")
    return int(ratio.removeprefix("anyres_max_"))


def _preprocess(directory: Path, config, size: int) -> dict:
    file = directory / "preprocessor_config.json"
    given = read_json(file if file.is_file() else directory / "processor_config.json")
    given = given.get("image_processor", given)
    wanted = {"size": {"height": size, "width": size}, "image_grid_pinpoints": config.image_grid_pinpoints}
    for key, value in wanted.items():
        if given.get(key) != value:
            raise ExportError(f"{file}: {key} is {given.get(key)}, config.json says {value}", "fetch the checkpoint again")
    for key in ("image_mean", "image_std"):
        if len(given.get(key) or []) != 3:
            raise ExportError(f"{file}: {key} is {given.get(key)}, expected 3 numbers", "fetch the checkpoint again")
    kind = FILTERS.get(given.get("resample", 3))
    if kind is None:
        raise ExportError(f"{file}: resample is {given['resample']}", f"expected one of {', '.join(map(str, FILTERS))}")
    return {
        "resize": {"mode": "squash", "height": size, "width": size, "filter": kind, "antialias": True},
        "crop": None,
        "rescale": given.get("rescale_factor", 1 / 255),
        "mean": list(given["image_mean"]),
        "std": list(given["image_std"]),
    }


def _prompt(directory: Path) -> dict:
    """What the chat template puts before the picture, between it and the prompt, and behind the prompt."""
    from transformers.utils.chat_template_utils import render_jinja_template

    template = _template(directory)
    content = [{"type": "image"}, {"type": "text", "text": SENTINEL}]
    try:
        rendered, _ = render_jinja_template(
            conversations=[[{"role": "user", "content": content}]], chat_template=template, add_generation_prompt=True
        )
    except Exception as error:  # whatever a template may raise
        raise ExportError(f"the chat template of {directory} fails: {error}", "fetch the checkpoint again") from error
    before, image, rest = rendered[0].partition(IMAGE)
    between, prompt, after = rest.partition(SENTINEL)
    if not image or not prompt or IMAGE in rest:
        raise ExportError(
            f"the chat template of {directory} gives {rendered[0]!r}, expected one {IMAGE} and then the prompt",
            "mend the template",
        )
    return {"before": before, "between": between, "after": after}


def _template(directory: Path) -> str:
    file = directory / "chat_template.jinja"
    if file.is_file():
        return file.read_text(encoding="utf-8")
    for name in ("chat_template.json", "processor_config.json", "tokenizer_config.json"):
        if (directory / name).is_file():
            template = json.loads((directory / name).read_text(encoding="utf-8")).get("chat_template")
            if isinstance(template, str):
                return template
    raise ExportError(f"{directory} has no chat template", "fetch chat_template.json of the checkpoint, too")


def _stop_tokens(generation, text, id_of) -> list[int]:
    given = generation.eos_token_id if generation.eos_token_id is not None else text.eos_token_id
    if given is None:
        given = id_of("<|im_end|>")
    stop = [given] if isinstance(given, int) else list(given or [])
    if not stop:
        raise ExportError("the checkpoint names no end token", "name it as eos_token_id in generation_config.json")
    return stop
