"""The model families supported by the exporter. A new one is a module in this folder and a row in FAMILIES.

A family is a module with NAME, MODEL_TYPES (of config.json), DEFAULTS (name -> description), OPTIONS (fields of
options.Options it takes), POOLING and PREPROCESSING (for --list), CONFIGS (for --random-init) and, where they apply,
the functions from_default(name, options), from_checkpoint(directory, name, options), from_state_dict(file, name, options)
with is_state_dict(weights), and random_init(config, seed, name, options), each giving a Model.
"""

from __future__ import annotations

import json
from pathlib import Path

from . import bert, clip, dinov2, efficientnet_lite, llava_onevision, ppocr, resnet, siglip, vit
from .checkpoint import fetch_from_hub, is_hub_id, read_json, read_state_dict
from .errors import ExportError
from .model import Model
from .options import Options
from .presets import PRESETS

FAMILIES = [bert, clip, dinov2, efficientnet_lite, llava_onevision, ppocr, resnet, siglip, vit]

DEFAULTS = {name: family for family in FAMILIES for name in family.DEFAULTS}


def table() -> list[tuple[str, str, str, str]]:
    """What --list shows, under its heading."""
    rows = [("SOURCE", "FAMILY", "POOLING", "PREPROCESSING")]
    for family in FAMILIES:
        sources = [*(f"model_type {kind}" for kind in family.MODEL_TYPES), *family.DEFAULTS]
        if hasattr(family, "from_state_dict"):
            sources.append("torchvision state dict")
        rows.append((", ".join(sources), family.NAME, family.POOLING, family.PREPROCESSING))
    rows.append(("PRESET", "", "", "PREPROCESSING"))
    rows += [(name, "", "", json.dumps(preset)) for name, preset in PRESETS.items()]
    return rows


def load(source: str, name: str | None, options: Options | None = None) -> Model:
    """The model that SOURCE means: a default's name, a directory, a state dict or a hub id, in this order."""
    options = options or Options()
    if source in DEFAULTS:
        family = DEFAULTS[source]
        options.check(family.NAME, family.OPTIONS)
        model = family.from_default(source, options)
        model.name = name or model.name
        return model
    if Path(source).is_dir():
        weights = f"checkpoint {Path(source).name}"
        return _from_directory(Path(source), name or Path(source).resolve().name, weights, options)
    if Path(source).is_file():
        return _from_file(Path(source), name or Path(source).stem, options)
    if is_hub_id(source):
        return _from_directory(fetch_from_hub(source), name or source.split("/")[1], f"hub {source}", options)
    raise ExportError(
        f"{source} is neither a default ({', '.join(DEFAULTS)}), nor a directory, nor a file, nor a hub id",
        "see: export_model.py --list",
    )


def load_random(family: str, config: str, seed: int, name: str | None, options: Options | None = None) -> Model:
    """`config` is one of the family's CONFIGS or the path of a config.json."""
    options = options or Options()
    by_name = {family.NAME: family for family in FAMILIES if family.CONFIGS}
    if family not in by_name:
        raise ExportError(f"--random-init knows no family {family}", f"give one of {', '.join(by_name)} as SOURCE")
    chosen = by_name[family]
    options.check(family, chosen.OPTIONS)
    if config in chosen.CONFIGS:
        return chosen.random_init(chosen.CONFIGS[config], seed, name or f"{family}-{config}-random", options)
    if not Path(config).is_file():
        raise ExportError(f"{family} has no size {config}", f"give one of {', '.join(chosen.CONFIGS)}, or a config.json")
    given = read_json(Path(config))
    if given.get("model_type") not in chosen.MODEL_TYPES:
        raise ExportError(
            f"{config} has model_type {given.get('model_type')}", f"{family} takes {', '.join(chosen.MODEL_TYPES)}"
        )
    return chosen.random_init(given, seed, name or f"{family}-random", options)


def _from_directory(directory: Path, name: str, weights: str, options: Options) -> Model:
    model_type = read_json(directory / "config.json").get("model_type")
    for family in FAMILIES:
        if model_type in family.MODEL_TYPES:
            options.check(family.NAME, family.OPTIONS)
            model = family.from_checkpoint(directory, name, options)
            model.source["weights"] = weights if not options.head else f"{weights}, head {options.head.name}"
            return model
    known = ", ".join(kind for family in FAMILIES for kind in family.MODEL_TYPES)
    raise ExportError(f"{directory}: model_type {model_type} is not one the exporter knows", f"known are: {known}")


def _from_file(file: Path, name: str, options: Options) -> Model:
    weights = read_state_dict(file)
    for family in FAMILIES:
        if hasattr(family, "from_state_dict") and family.is_state_dict(weights):
            options.check(family.NAME, family.OPTIONS)
            return family.from_state_dict(file, name, options)
    raise ExportError(
        f"{file} is no state dict of a torchvision-style ResNet; its first weights are: {', '.join(list(weights)[:3])}",
        "give the backbone's checkpoint directory as SOURCE and this file with --head, if it is a fine-tuned DINOv2",
    )
