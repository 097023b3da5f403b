"""Traces a tower and checks the trace against the reference on other shapes than it was traced with."""

from __future__ import annotations

import io
import warnings

import torch
import torch.nn.functional as F

from .errors import ExportError
from .model import ImageTower, TextTower

MIN_COSINE = 0.999999


def trace_text(tower: TextTower) -> torch.jit.ScriptModule:
    traced = _trace(tower.module, _text_batch(tower, 2, 9))
    shapes = [(1, 1), (1, 12), (3, 33), (2, tower.max_tokens), (7, 5)]
    for batch, length in shapes:
        inputs = _text_batch(tower, batch, min(length, tower.max_tokens))
        _compare(traced, tower.reference, inputs, f"{batch} x {length} tokens")
    return traced


def trace_image(tower: ImageTower) -> torch.jit.ScriptModule:
    height, width = tower.size()
    generator = torch.Generator().manual_seed(1)
    traced = _trace(tower.module, (torch.randn(2, 3, height, width, generator=generator),))
    for batch in (1, 3):
        pixels = torch.randn(batch, 3, height, width, generator=generator)
        _compare(traced, tower.reference, (pixels,), f"{batch} x 3 x {height} x {width} pixels")
    return traced


def serialise(traced: torch.jit.ScriptModule) -> bytes:
    """TorchScript without its debug records: those name source files by absolute path, so the same
    weights exported from two directories would have two checksums."""
    reader = torch._C.PyTorchFileReader(io.BytesIO(traced.save_to_buffer()))
    content = io.BytesIO()
    writer = torch._C.PyTorchFileWriter(content)
    written_by_the_writer = {"version", ".data/version", "byteorder", ".data/serialization_id"}
    for name in reader.get_all_records():
        if name not in written_by_the_writer and not name.endswith(".debug_pkl"):
            record = reader.get_record(name)
            writer.write_record(name, record, len(record))
    writer.write_end_of_file()
    return content.getvalue()


def _trace(module: torch.nn.Module, inputs: tuple[torch.Tensor, ...]) -> torch.jit.ScriptModule:
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return torch.jit.trace(module, inputs, check_trace=False, _store_inputs=False)


def _text_batch(tower: TextTower, batch: int, length: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Random tokens; every second row ends in padding."""
    words = tower.module.words.shape[0]
    generator = torch.Generator().manual_seed(batch * 1000 + length)
    ids = torch.randint(min(1000, words // 2), words, (batch, length), generator=generator)
    mask = torch.ones_like(ids)
    mask[1::2, (length + 1) // 2 :] = 0
    ids[mask == 0] = tower.pad_id
    return ids, mask


def _compare(traced, reference, inputs: tuple[torch.Tensor, ...], shape: str) -> None:
    with torch.no_grad():
        found, wanted = traced(*inputs), reference(*inputs)
    if found.dtype != torch.float32 or found.shape != wanted.shape:
        raise ExportError(
            f"for {shape} the traced module gives {list(found.shape)} {found.dtype}, the reference {list(wanted.shape)}",
            "mend the family's tower in scripts/exporter",
        )
    cosine = F.cosine_similarity(found.double(), wanted.double()).min().item()
    if not cosine >= MIN_COSINE:
        raise ExportError(
            f"for {shape} the traced module differs from the reference library: cosine {cosine:.7f}, wanted {MIN_COSINE}",
            "mend the family's tower in scripts/exporter, or pin transformers as in requirements.txt",
        )
