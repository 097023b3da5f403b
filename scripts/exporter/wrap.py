"""Packages a user's own TorchScript files with a hand-written settings.json."""

from __future__ import annotations

import io
from pathlib import Path

import torch

from .checkpoint import read_json
from .errors import ExportError
from .model import ImageTower, Model, TextTower
from .presets import FILTERS
from .two_towers import tokens_of

TASKS = {"text-embedding": ("text",), "image-embedding": ("image",), "image-text-embedding": ("text", "image")}
NUMBER = (int, float)


class Fields:
    """A JSON object and how to call it in a message."""

    def __init__(self, file: Path, name: str, content):
        self.file, self.name, self.content = file, name, content
        if not isinstance(content, dict):
            self.fail("", content, "an object")

    def get(self, key: str, kind, wanted: str, allowed=lambda value: True):
        value = self.content.get(key)
        right = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
        if not right or not allowed(value):
            self.fail(key, value, wanted)
        return value

    def text(self, key: str, default: str | None = None) -> str:
        if default is not None and key not in self.content:
            return default
        return self.get(key, str, "a text")

    def whole(self, key: str, least: int = 1) -> int:
        return self.get(key, int, f"a whole number from {least}", lambda value: value >= least)

    def one_of(self, key: str, allowed) -> str:
        return self.get(key, str, f"one of {', '.join(allowed)}", lambda value: value in allowed)

    def inside(self, key: str) -> Fields:
        return Fields(self.file, f"{self.name}{key}.", self.content.get(key))

    def fail(self, key: str, found, wanted: str):
        name = (self.name + key).strip(".") or "the file"
        raise ExportError(f"{self.file}: {name} is {found!r}, expected {wanted}", "docs/models.md describes the fields")


def load(file: Path, name: str | None) -> Model:
    fields = Fields(file, "", read_json(file))
    towers = TASKS[fields.one_of("task", TASKS)]
    embedding = fields.inside("embedding")
    dim, normalized = embedding.whole("dim"), embedding.get("normalized", bool, "true or false")
    source = {"name": name or fields.text("name"), "weights": "own TorchScript", "licence": "unknown"}
    source |= {key: str(value) for key, value in (fields.content.get("source") or {}).items() if key in source}
    model = Model(
        name or fields.text("name"), fields.text("family", "own"), dim, embedding.text("pooling"), source, normalized=normalized
    )
    if "text" in towers:
        model.text = _text(fields.inside("text"))
        _check_text(model)
    if "image" in towers:
        model.image = _image(fields.inside("image"))
        _check_image(model)
    model.notes.append("the golden vectors are those of the module itself: nothing else knows what is right")
    return model


def _script(fields: Fields) -> tuple[torch.jit.ScriptModule, bytes]:
    path = fields.file.parent / fields.text("module")
    try:
        content = path.read_bytes()
        return torch.jit.load(io.BytesIO(content), map_location="cpu").eval(), content
    except OSError as error:
        raise ExportError(f"{path} cannot be read: {error.strerror}", "module is relative to the settings file") from error
    except RuntimeError as error:
        reason = str(error).strip().splitlines()[0]
        raise ExportError(f"{path} is no TorchScript file: {reason}", "save it with: torch.jit.trace(...).save(FILE)") from error


def _text(fields: Fields) -> TextTower:
    script, content = _script(fields)
    path = fields.file.parent / fields.text("tokenizer")
    if not path.is_file():
        fields.fail("tokenizer", fields.text("tokenizer"), "a tokenizer.json beside the settings file")
    longest, pad = fields.whole("max_tokens"), fields.whole("pad_id", 0)
    written, encode, _ = tokens_of(path.read_bytes(), longest)
    prefixes = fields.text("query_prefix", ""), fields.text("document_prefix", "")
    return TextTower(script, written, longest, pad, pad + 1, encode, script, None, *prefixes, file=content)


def _image(fields: Fields) -> ImageTower:
    script, content = _script(fields)
    given = fields.inside("preprocess")
    resize, settings = given.inside("resize"), {}
    mode, kind = resize.one_of("mode", ("shortest", "squash")), resize.one_of("filter", tuple(FILTERS.values()))
    sides = ("size",) if mode == "shortest" else ("height", "width")
    settings["resize"] = {"mode": mode, **{side: resize.whole(side) for side in sides}, "filter": kind, "antialias": True}
    settings["crop"] = None
    if given.content.get("crop") is not None or mode == "shortest":  # shortest leaves one side open
        crop = given.inside("crop")
        settings["crop"] = {side: crop.whole(side) for side in ("height", "width")}
    settings["rescale"] = given.get("rescale", NUMBER, "a number above 0", lambda value: value > 0)
    for key in ("mean", "std"):
        three = "3 numbers" + (" above 0" if key == "std" else "")
        settings[key] = given.get(key, list, three, lambda v, key=key: _are_three(v, key == "std"))
    if "channels" in given.content and given.one_of("channels", ("rgb", "bgr")) == "bgr":
        settings["channels"] = "bgr"
    return ImageTower(script, settings, script, file=content)


def _are_three(values: list, positive: bool) -> bool:
    return len(values) == 3 and all(isinstance(v, NUMBER) and (v > 0 or not positive) for v in values)


def _check_text(model: Model) -> None:
    text = model.text
    ids = [text.reference_tokens(words) for words in ("a", "black leather shoes", "stainless steel water bottle 750 ml")]
    longest = max(len(row) for row in ids)
    batch = torch.tensor([row + [text.pad_id] * (longest - len(row)) for row in ids])
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in ids])
    alone = torch.tensor([ids[0]])
    together = _vectors(model, (batch, mask), f"{len(ids)} texts of {longest} tokens")
    _check_same(together[:1], _vectors(model, (alone, torch.ones_like(alone)), "1 text"), "a short text", "padded")


def _check_image(model: Model) -> None:
    pixels = torch.randn(16, 3, *model.image.size(), generator=torch.Generator().manual_seed(1))
    together = _vectors(model, (pixels,), f"pixels {list(pixels.shape)}")
    _check_same(together[:1], _vectors(model, (pixels[:1],), "1 picture"), "a picture", "")


def _vectors(model: Model, inputs: tuple[torch.Tensor, ...], shape: str) -> torch.Tensor:
    kind = "text" if len(inputs) == 2 else "image"
    try:
        with torch.no_grad():
            found = getattr(model, kind).module(*inputs)
    except RuntimeError as error:
        reason = str(error).strip().splitlines()[-1]
        raise ExportError(f"the {kind} module fails for {shape}: {reason}", "trace it so that any batch goes through") from error
    wanted = [len(inputs[0]), model.dim]
    if not isinstance(found, torch.Tensor) or list(found.shape) != wanted or found.dtype != torch.float32:
        what = f"{list(found.shape)} {found.dtype}" if isinstance(found, torch.Tensor) else type(found).__name__
        raise ExportError(f"the {kind} module gives {what} for {shape}, expected {wanted} torch.float32", "mend embedding.dim, or the module")
    if not torch.isfinite(found).all():
        raise ExportError(f"the {kind} module gives values that are not finite for {shape}", "mend the module")
    if model.normalized and (found.norm(dim=1) - 1).abs().max() > 1e-3:
        raise ExportError(
            f"the {kind} module's vectors have the length {found.norm(dim=1)[0]:.4f}, embedding.normalized is true",
            "normalise inside the module, or say false",
        )
    return found


def _check_same(together: torch.Tensor, alone: torch.Tensor, what: str, how: str) -> None:
    cosine = torch.nn.functional.cosine_similarity(together, alone).item()
    if not cosine >= 0.9999:
        raise ExportError(
            f"{what} alone and {how + ' ' if how else ''}in a batch gives two vectors: cosine {cosine:.5f}",
            "let the module heed its attention mask, and put batch norms into eval mode before the trace",
        )
