"""Reads the settings of sentence-transformers checkpoints: pooling, normalisation, token limit, prefixes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from .checkpoint import read_json
from .errors import ExportError
from .options import Options

POOLINGS = ("mean", "cls", "max")
LEGACY = {"pooling_mode_cls_token": "cls", "pooling_mode_mean_tokens": "mean", "pooling_mode_max_tokens": "max"}


@dataclass
class Settings:
    max_tokens: int  # special tokens included
    pooling: str = "mean"
    normalize: bool = True
    query_prefix: str = ""
    document_prefix: str = ""

    def with_options(self, options: Options, longest: int) -> Settings:
        """What the command line asks for instead; `longest` is what the position table has room for."""
        wanted = self.max_tokens if options.max_tokens is None else options.max_tokens
        if not 3 <= wanted <= longest:
            raise ExportError(f"the token limit is {wanted}", f"give --max-tokens from 3 to {longest}")
        return replace(
            self,
            max_tokens=wanted,
            pooling=options.one_of("pool", POOLINGS, self.pooling),
            normalize=self.normalize if options.normalize is None else options.normalize,
            query_prefix=self.query_prefix if options.query_prefix is None else options.query_prefix,
            document_prefix=self.document_prefix if options.document_prefix is None else options.document_prefix,
        )


def read_settings(directory: Path, longest: int) -> tuple[Settings, list[str]]:
    """The settings, and notes for the person who exports."""
    file = directory / "modules.json"
    settings = Settings(longest)
    if not file.is_file():
        return settings, ["no modules.json: mean pooling, unit length and the model's own token limit are assumed"]
    settings.normalize = False
    for part in read_json(file):
        kind, place = part["type"].rsplit(".", 1)[-1], directory / part["path"]
        if kind == "Transformer":
            limits = place / "sentence_bert_config.json"
            limit = read_json(limits).get("max_seq_length") if limits.is_file() else None
            settings.max_tokens = min(longest, limit or longest)
        elif kind == "Pooling":
            settings.pooling = _pooling(place / "config.json")
        elif kind == "Normalize":
            settings.normalize = True
        else:
            raise ExportError(
                f"{file} has a {kind} module, which the exporter does not know",
                "give a checkpoint of Transformer, Pooling and Normalize modules",
            )
    settings.query_prefix, settings.document_prefix = _prefixes(directory)
    return settings, [] if settings.normalize else ["modules.json normalises nothing: vectors keep their length; see --l2"]


def _pooling(file: Path) -> str:
    settings = read_json(file)
    newer = settings.get("pooling_mode")
    modes = [key for key, value in settings.items() if key.startswith("pooling_mode_") and value is True]
    if newer is not None:
        modes = [newer] if isinstance(newer, str) else list(newer)
    modes = [LEGACY.get(mode, mode) for mode in modes] or ["mean"]
    if len(modes) != 1 or modes[0] not in POOLINGS:
        raise ExportError(f"{file} asks for the pooling {' and '.join(modes)}", f"one of {', '.join(POOLINGS)} is known")
    if settings.get("include_prompt") is False:
        raise ExportError(f"{file} leaves the prompt out of the pooling", "give a checkpoint that pools all tokens")
    return modes[0]


def _prefixes(directory: Path) -> tuple[str, str]:
    """For queries and documents, by the names sentence-transformers encodes both sides with."""
    file = directory / "config_sentence_transformers.json"
    given = read_json(file) if file.is_file() else {}
    prompts = given.get("prompts") or {}
    default = prompts.get(given.get("default_prompt_name") or "", "")
    document = next((prompts[key] for key in ("document", "passage", "corpus") if prompts.get(key)), default)
    return prompts.get("query") or default, document
