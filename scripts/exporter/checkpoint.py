"""Reads checkpoint directories written by `save_pretrained`, and compares their keys by name."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from pathlib import Path

import torch

from .errors import ExportError

HUB_FILES = ["*.json", "model*.safetensors", "pytorch_model*.bin", "vocab.txt", "merges.txt", "README.md", "*/config.json"]


def is_hub_id(source: str) -> bool:
    return re.fullmatch(r"[\w-][\w.-]*/[\w-][\w.-]*", source) is not None


def fetch_from_hub(hub_id: str) -> Path:
    os.environ.pop("HF_HUB_OFFLINE", None)
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(hub_id, allow_patterns=HUB_FILES))
    except Exception as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ExportError(
            f"{hub_id} could not be fetched from the hub: {reason}",
            "check the name and the network, or give the path of a checkpoint directory instead",
        ) from error


def read_json(file: Path) -> dict:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ExportError(
            f"{file} is missing", "give a directory as `save_pretrained` writes it, with config.json and weights"
        ) from error
    except (OSError, ValueError) as error:
        raise ExportError(f"{file} cannot be read: {error}", "fetch the checkpoint again") from error


def read_weights(directory: Path) -> dict[str, torch.Tensor]:
    """All tensors as float32, from safetensors if there are any, else from pytorch_model*.bin."""
    files = sorted(directory.glob("model*.safetensors")) or sorted(directory.glob("pytorch_model*.bin"))
    if not files:
        raise ExportError(
            f"{directory} has neither model.safetensors nor pytorch_model.bin",
            "give a directory as `save_pretrained` writes it",
        )
    weights: dict[str, torch.Tensor] = {}
    for file in files:
        try:
            weights.update(_read_file(file))
        except Exception as error:
            reason = str(error).strip().splitlines()[0]
            raise ExportError(f"{file} cannot be read: {reason}", "fetch the checkpoint again") from error
    return {key: value.float() if value.is_floating_point() else value for key, value in weights.items()}


def read_state_dict(file: Path) -> dict[str, torch.Tensor]:
    """A plain state dict, or one under the key "state_dict" or "model"; nothing but tensors is unpickled."""
    try:
        content = _read_file(file)
    except FileNotFoundError as error:
        raise ExportError(f"{file} is missing", "give the path of a PyTorch state dict") from error
    except Exception as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise ExportError(
            f"{file} cannot be read as a state dict: {reason}",
            "save it with: torch.save(model.state_dict(), FILE); a whole pickled model is not read",
        ) from error
    for key in ("state_dict", "model"):
        if isinstance(content, dict) and isinstance(content.get(key), dict):
            content = content[key]
    if not isinstance(content, dict) or not content or not all(isinstance(v, torch.Tensor) for v in content.values()):
        raise ExportError(f"{file} holds no state dict", "save it with: torch.save(model.state_dict(), FILE)")
    content = {str(key).removeprefix("module."): value for key, value in content.items()}
    return {key: value.float() if value.is_floating_point() else value for key, value in content.items()}


def _read_file(file: Path) -> dict[str, torch.Tensor]:
    if file.suffix == ".safetensors":
        from safetensors.torch import load_file

        return load_file(file)
    return torch.load(file, map_location="cpu", weights_only=True)


def load_reference(model_class, config, weights: dict[str, torch.Tensor], where: str, unused: Iterable[str] = (), **extra):
    """The reference library's model with exactly `weights`, which it renames itself where names have changed.

    Keys that match one of the patterns `unused` (training heads and the like) are left out.
    """
    import transformers

    transformers.logging.disable_progress_bar()
    verbosity = transformers.logging.get_verbosity()
    transformers.logging.set_verbosity(transformers.logging.CRITICAL)
    try:
        model, info = model_class.from_pretrained(
            None,
            config=config,
            state_dict=weights,
            output_loading_info=True,
            ignore_mismatched_sizes=True,
            dtype=torch.float32,
            attn_implementation="eager",
            **extra,
        )
    except (RuntimeError, ValueError) as error:
        reason = str(error).strip().splitlines()[0]
        raise ExportError(f"{where} does not load: {reason}", "give a checkpoint with its own config.json") from error
    finally:
        transformers.logging.set_verbosity(verbosity)
    used = [key for key in info["unexpected_keys"] if not any(re.search(pattern, key) for pattern in unused)]
    misshapen = [f"{key} {list(found)} instead of {list(wanted)}" for key, found, wanted in info["mismatched_keys"]]
    refuse_problems(where, model_class.__name__, info["missing_keys"], used, misshapen)
    if info["error_msgs"]:
        raise ExportError(f"{where} does not load: {info['error_msgs'][0]}", "give a checkpoint with its own config.json")
    return model.eval().requires_grad_(False)


def random_reference(model_class, config, seed: int, **extra) -> torch.nn.Module:
    config._attn_implementation = "eager"
    model = model_class(config, **extra)
    randomise(model, seed)
    return model.eval().requires_grad_(False)


def load_strictly(model: torch.nn.Module, weights: dict[str, torch.Tensor], where: str) -> None:
    """Loads `weights` into `model` or says which keys are missing, unexpected or of another shape."""
    wanted = model.state_dict()
    misshapen = [
        f"{key} {list(weights[key].shape)} instead of {list(wanted[key].shape)}"
        for key in wanted.keys() & weights.keys()
        if weights[key].shape != wanted[key].shape
    ]
    refuse_problems(where, type(model).__name__, wanted.keys() - weights.keys(), weights.keys() - wanted.keys(), misshapen)
    model.load_state_dict(weights)


def refuse_problems(where: str, model: str, missing: Iterable[str], unexpected: Iterable[str], misshapen: Iterable[str]) -> None:
    for problem, keys in (("lacks", missing), ("has unexpected", unexpected), ("has misshapen", misshapen)):
        keys = sorted(keys)
        if keys:
            raise ExportError(
                f"{where} {problem} {len(keys)} weights: {', '.join(keys[:5])}{', …' if len(keys) > 5 else ''}",
                f"give weights that {model} loads without warnings, with their own config.json",
            )


def licence_of(directory: Path) -> str:
    """The `license:` line of the model card, or "unknown"."""
    card = directory / "README.md"
    if not card.is_file():
        return "unknown"
    found = re.search(r"^license:\s*(\S+)", card.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
    return found.group(1) if found else "unknown"


def randomise(model: torch.nn.Module, seed: int) -> None:
    """Gives every parameter a value of its own: library defaults leave biases 0 and scales 1, and so hide mistakes."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in sorted(model.named_parameters()):
            noise = torch.randn(parameter.shape, generator=generator)
            is_scale = parameter.dim() == 1 and not name.endswith("bias")
            parameter.copy_(1 + 0.1 * noise if is_scale else 0.05 * noise)
