"""Traces a tower and verifies the trace: that it equals the reference for other shapes than the traced one,
and that it can be moved to another device."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import torch
import torch.nn.functional as F

from .errors import ExportError
from .model import ImageTower, TextTower

MIN_COSINE = 0.999999
LARGE = 3e12  # multiplications in a batch of 16 pictures that take minutes: such models are checked with 3


def traced_text(tower: TextTower) -> bytes:
    """The tower as a TorchScript file."""
    traced = _trace(tower.module, _text_batch(tower, 2, 9, True))
    check_movable(traced)
    longest = tower.max_tokens
    file = serialise(traced)
    traced = load_script(file)
    for batch, length, padded in ((1, 1, False), (1, 12, False), (3, longest, True), (16, 21, False), (16, 33, True)):
        inputs = _text_batch(tower, batch, min(length, longest), padded)
        _compare(traced, tower.reference, inputs, f"{batch} x {min(length, longest)} tokens")
    return file


def traced_image(tower: ImageTower) -> bytes:
    height, width = tower.size()
    generator = torch.Generator().manual_seed(1)
    traced = _trace(tower.module, (torch.randn(2, 3, height, width, generator=generator),))
    check_movable(traced)
    weights = sum(parameter.numel() for parameter in tower.module.parameters())
    file = serialise(traced)
    traced = load_script(file)
    for batch in (1, 16 if 16 * weights * height * width / 196 < LARGE else 3):
        pixels = torch.randn(batch, 3, height, width, generator=generator)
        _compare(traced, tower.reference, (pixels,), f"{batch} x 3 x {height} x {width} pixels")
    return file


def serialise(traced: torch.jit.ScriptModule) -> bytes:
    """TorchScript without its debug records: those name source files by absolute path, so the same
    weights exported from two directories would have two checksums."""
    content = io.BytesIO()
    _copy_records(torch._C.PyTorchFileReader(io.BytesIO(traced.save_to_buffer())), torch._C.PyTorchFileWriter(content))
    return content.getvalue()


def strip_script(raw: Path, file: Path) -> None:
    """The same from file to file, one record in memory at a time."""
    _copy_records(torch._C.PyTorchFileReader(str(raw)), torch._C.PyTorchFileWriter(str(file)))


def _copy_records(reader, writer) -> None:
    records = reader.get_all_records()
    version = next(name for name in ("version", ".data/version") if name in records)
    writer.set_min_version(int(reader.get_record(version)))  # decides how operators are read back
    written_by_the_writer = {"version", ".data/version", "byteorder", ".data/serialization_id"}
    for name in records:
        if name not in written_by_the_writer and not name.endswith(".debug_pkl"):
            record = reader.get_record(name)
            writer.write_record(name, record, len(record))
    writer.write_end_of_file()


def load_script(file: bytes) -> torch.jit.ScriptModule:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return torch.jit.load(io.BytesIO(file), map_location="cpu")


def _trace(module: torch.nn.Module, inputs: tuple[torch.Tensor, ...]) -> torch.jit.ScriptModule:
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return torch.jit.trace(module, inputs, check_trace=False, _store_inputs=False)


def _text_batch(tower: TextTower, batch: int, length: int, padded: bool) -> tuple[torch.Tensor, torch.Tensor]:
    """Random tokens; if padded, rows of four lengths."""
    words = tower.vocabulary
    generator = torch.Generator().manual_seed(batch * 1000 + length)
    ids = torch.randint(min(1000, words // 2), words, (batch, length), generator=generator)
    mask = torch.ones_like(ids)
    for row in range(batch):
        kept = max(1, length - row % 4 * (length // 4)) if padded else length
        mask[row, kept:] = 0
        ids[row, kept:] = tower.pad_id
        if tower.end_id is not None:
            ids[row, :kept][ids[row, :kept] == tower.end_id] -= 1
            ids[row, kept - 1] = tower.end_id
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
    length = (found.norm(dim=1) / wanted.norm(dim=1) - 1).abs().max().item()
    if not cosine >= MIN_COSINE or not length <= 1e-3:
        raise ExportError(
            f"for {shape} the traced module differs from the reference library: cosine {cosine:.7f}, wanted {MIN_COSINE}; "
            f"lengths differ by {length:.1e}",
            "mend the family's tower in scripts/exporter, or pin transformers as in requirements.txt",
        )


def check_movable(traced: torch.jit.ScriptModule) -> None:
    """Refuses a trace that has a device in it, or a tensor that would stay on the CPU when the module is moved."""
    for node in _nodes(traced.inlined_graph):
        device = any(output.type().kind() == "DeviceObjType" for output in node.outputs())
        tensor = node.kind() == "prim::Constant" and node.hasAttribute("value") and node.kindOf("value") == "t"
        if device or (tensor and node.t("value").dim() > 0):
            raise ExportError(
                f"the traced module is bound to the CPU: {str(node).strip()}",
                "make tensors inside forward from their inputs (x.new_zeros) or keep them as buffers",
            )


def _nodes(block):
    for node in block.nodes():
        yield node
        for inner in node.blocks():
            yield from _nodes(inner)
