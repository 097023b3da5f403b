"""The families the exporter knows. A new one is a file beside this and a line in FAMILIES.

A family is a module with NAME, MODEL_TYPES (of config.json), DEFAULTS (name -> description),
SIZES (for random_init) and, where they apply, the functions
from_default(name), from_checkpoint(directory, name), random_init(size, seed, name), each giving a Model.
"""

from __future__ import annotations

from pathlib import Path

from . import bert, dinov2, efficientnet_lite
from .checkpoint import fetch_from_hub, is_hub_id, read_json
from .errors import ExportError
from .model import Model

FAMILIES = [bert, efficientnet_lite, dinov2]

DEFAULTS = {name: family for family in FAMILIES for name in family.DEFAULTS}


def load(source: str, name: str | None) -> Model:
    """The model that SOURCE means: a default's name, a checkpoint directory or a hub id, in this order."""
    if source in DEFAULTS:
        model = DEFAULTS[source].from_default(source)
        model.name = name or model.name
        return model
    if Path(source).is_dir():
        return _from_directory(Path(source), name or Path(source).resolve().name, f"checkpoint {Path(source).name}")
    if is_hub_id(source):
        return _from_directory(fetch_from_hub(source), name or source.split("/")[1], f"hub {source}")
    raise ExportError(
        f"{source} is neither a default ({', '.join(DEFAULTS)}), nor a directory, nor a hub id",
        "see: export_model.py --list",
    )


def load_random(family: str, size: str, seed: int, name: str | None) -> Model:
    by_name = {family.NAME: family for family in FAMILIES if family.SIZES}
    if family not in by_name:
        raise ExportError(f"--random-init knows no family {family}", f"give one of {', '.join(by_name)} as SOURCE")
    sizes = by_name[family].SIZES
    if size not in sizes:
        raise ExportError(f"{family} has no size {size}", f"give one of {', '.join(sizes)}")
    return by_name[family].random_init(size, seed, name or f"{family}-{size}-random")


def _from_directory(directory: Path, name: str, weights: str) -> Model:
    model_type = read_json(directory / "config.json").get("model_type")
    for family in FAMILIES:
        if model_type in family.MODEL_TYPES:
            model = family.from_checkpoint(directory, name)
            model.source["weights"] = weights
            return model
    known = ", ".join(kind for family in FAMILIES for kind in family.MODEL_TYPES)
    raise ExportError(f"{directory}: model_type {model_type} is not one the exporter knows", f"known are: {known}")
