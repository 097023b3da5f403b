"""Code shared by CLIP and SigLIP: the encoder's layers and the tokenizer's file."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .checkpoint import read_json
from .errors import ExportError
from .layers import Attention, Layer, Mlp


def encoder_layers(encoder, config, causal: bool = False) -> list[Layer]:
    layers = []
    for layer in encoder.layers:
        own = layer.self_attn
        attend = Attention(own.q_proj, own.k_proj, own.v_proj, own.out_proj, config.num_attention_heads, causal)
        mlp = Mlp(layer.mlp.fc1, layer.mlp.fc2, config.hidden_act)
        layers.append(Layer(layer.layer_norm1, attend, layer.layer_norm2, mlp))
    return layers


@dataclass
class TokenizerFile:
    content: bytes  # tokenizer.json
    pad_token: str | None = None
    padding_side: str = "right"


def read_tokenizer(directory: Path) -> TokenizerFile:
    """As transformers uses it where it can load the directory's tokenizer: some of its classes add steps
    (lower case, end token) of their own."""
    file = directory / "tokenizer.json"
    if not file.is_file():
        raise ExportError(
            f"{file} is missing", "write it with: transformers.AutoTokenizer.from_pretrained(DIR).save_pretrained(DIR)"
        )
    config = directory / "tokenizer_config.json"
    if not config.is_file():
        return TokenizerFile(file.read_bytes())
    from transformers import AutoTokenizer

    try:
        loaded = AutoTokenizer.from_pretrained(directory, local_files_only=True)
        return TokenizerFile(loaded.backend_tokenizer.to_str().encode(), loaded.pad_token, loaded.padding_side)
    except (AttributeError, ImportError, KeyError, OSError, TypeError, ValueError):
        pass  # no fast version of this tokenizer here: the files say it all
    given = read_json(config)
    pad = given.get("pad_token")
    pad = pad.get("content") if isinstance(pad, dict) else pad
    return TokenizerFile(file.read_bytes(), pad, given.get("padding_side", "right"))


def tokens_of(tokenizer_json: bytes, max_tokens: int) -> tuple[bytes, Callable[[str], list[int]], Callable]:
    """The file without truncation and padding, which are the package's; text -> ids; token -> id."""
    from tokenizers import Tokenizer

    content = json.loads(tokenizer_json)
    content["truncation"] = content["padding"] = None
    try:
        tokenizer = Tokenizer.from_str(json.dumps(content))
    except Exception as error:  # the library raises no narrower type
        raise ExportError(f"tokenizer.json does not load: {error}", "write it again with tokenizers") from error
    tokenizer.enable_truncation(max_tokens)
    written = json.dumps(content, ensure_ascii=False, indent=1).encode()
    return written, lambda text: tokenizer.encode(text).ids, tokenizer.token_to_id
