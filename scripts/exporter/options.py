"""Options that override the checkpoint's settings; None means the checkpoint's value."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

from .errors import ExportError

FLAGS = {
    "pool": "--pool",
    "size": "--size",
    "preprocess": "--preprocess",
    "normalize": "--l2/--no-l2",
    "query_prefix": "--query-prefix",
    "document_prefix": "--document-prefix",
    "max_tokens": "--max-tokens",
    "head": "--head",
}
PICTURE = ("size", "preprocess", "normalize")
TEXT = ("query_prefix", "document_prefix", "max_tokens")


@dataclass
class Options:
    pool: str | None = None
    size: int | None = None  # pixels, height and width
    preprocess: str | None = None  # names of presets.PRESETS, comma-separated
    normalize: bool | None = None  # unit length
    query_prefix: str | None = None
    document_prefix: str | None = None
    max_tokens: int | None = None
    head: Path | None = None  # a state dict

    def check(self, family: str, allowed: tuple[str, ...]) -> None:
        for field in fields(self):
            if getattr(self, field.name) is not None and field.name not in allowed:
                known = ", ".join(FLAGS[name] for name in allowed) or "none"
                raise ExportError(f"{family} takes no {FLAGS[field.name]}", f"leave it out; {family} takes {known}")

    def one_of(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        value = getattr(self, name) or default
        if value not in allowed:
            raise ExportError(f"{FLAGS[name]} is {value}", f"give one of {', '.join(allowed)}")
        return value
