"""Writes a model package atomically: into a temporary directory beside the target, which is then renamed."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import platform
import shutil
import tempfile
from pathlib import Path

import torch

from .errors import ExportError
from .golden import image_examples, text_examples
from .model import Model
from .tracing import strip_script, traced_image, traced_text

SCHEMA = "pmatch.model"
VERSION = 1
PMATCH_VERSION = "0.1.0"


def write_package(model: Model, target: Path, replace: bool = False) -> None:
    """Makes the directory `target`. Nothing is left behind when it fails; `replace` swaps an old package out."""
    target = target.absolute()
    check_target(target, replace)
    target.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        content = _write_files(model, staging)
        _write(staging / "model.json", _sealed(content))
        _sync_directories(staging)
        staging.chmod(0o755)
        _publish(staging, target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    _sync(target.parent)


def check_target(target: Path, replace: bool) -> None:
    if not os.path.lexists(target):
        return
    if not replace:
        raise ExportError(f"{target} exists already", "give --force to replace it, or another --out")
    if not (target / "model.json").is_file():
        raise ExportError(f"{target} is not a model package", "remove it yourself, or give another --out")


def _write_files(model: Model, directory: Path) -> dict:
    """Writes all files but model.json and returns its content."""
    golden: list[dict] = []
    files: dict[str, dict] = {}

    def add(name: str, content: bytes) -> None:
        _write(directory / name, content)
        files[name] = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}

    towers = {}
    if model.text:
        add("text.pt", model.text.file or traced_text(model.text))
        add("tokenizer.json", model.text.tokenizer_json)
        golden += text_examples(model.text)
        towers["text"] = model.text.settings()
    if model.image:
        add("image.pt", model.image.file or traced_image(model.image))
        examples, pictures = image_examples(model.image)
        golden += examples
        for name, content in pictures.items():
            add(name, content)
        towers["image"] = model.image.settings()
    if model.caption:
        for part in ("vision", "decoder"):
            name = model.caption.settings[part]
            files[name] = _write_script(directory / name, getattr(model.caption, part))
        add("tokenizer.json", model.caption.tokenizer_json)
        towers["caption"] = model.caption.settings
    elif model.reading:
        for name, content in model.reading.modules.items():
            add(name, content)
        characters = json.dumps(model.reading.characters, ensure_ascii=False) + "\n"
        add(model.reading.settings["characters"], characters.encode())
        towers["reading"] = model.reading.settings
    else:
        towers["embedding"] = {"dim": model.dim, "normalized": model.normalized, "pooling": model.pooling}
    return {
        "schema": SCHEMA,
        "version": VERSION,
        "name": model.name,
        "task": model.task(),
        "family": model.family,
        "files": files,
        **towers,
        "exporter": _versions(),
        "source": model.source,
        "golden": golden,
        **({"precision_loss": model.losses} if model.losses else {}),
    }


def _sealed(content: dict) -> bytes:
    """The JSON with a checksum of itself: SHA-256 of the file's bytes with zeros in the checksum's place."""
    zeros = "0" * 64
    text = (json.dumps({**content, "checksum": zeros}, ensure_ascii=False, indent=1) + "\n").encode()
    digest = hashlib.sha256(text).hexdigest()
    head, tail = text.rsplit(zeros.encode(), 1)
    return head + digest.encode() + tail


def _write_script(file: Path, module: torch.jit.ScriptModule) -> dict:
    """Through the disk, because a decoder may be larger than what memory has left beside it."""
    raw = file.with_suffix(".raw")
    module.save(str(raw))
    strip_script(raw, file)
    raw.unlink()
    with open(file, "rb") as stream:
        os.fsync(stream.fileno())
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {"sha256": digest, "size": file.stat().st_size}


def _versions() -> dict:
    return {
        "pmatch": PMATCH_VERSION,
        "torch": torch.__version__.split("+")[0],
        "transformers": importlib.metadata.version("transformers"),
        "python": ".".join(platform.python_version_tuple()[:2]),
    }


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(exist_ok=True)
    with open(file, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_directories(root: Path) -> None:
    for directory, _, _ in os.walk(root):
        _sync(Path(directory))


def _publish(staging: Path, target: Path) -> None:
    """A directory cannot be renamed over a full one: the old package steps aside first."""
    if not os.path.lexists(target):
        staging.rename(target)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{target.name}.old.", dir=target.parent))
    target.rename(old / target.name)
    try:
        staging.rename(target)
    except OSError:
        (old / target.name).rename(target)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)
