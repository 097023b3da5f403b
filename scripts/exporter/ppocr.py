"""PP-OCR as a reader of words: a detector of lines, what tells their direction, and a recogniser of lines."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import warnings
from pathlib import Path

import torch

from .errors import ExportError
from .model import Model, ReadingTower
from .onnx_file import Graph, read_onnx
from .onnx_fusion import fuse
from .onnx_module import OnnxModule
from .options import Options
from .tracing import check_movable, load_script, serialise

NAME = "ppocr"
MODEL_TYPES = ()  # its weights come as three files, not as a checkpoint directory
DEFAULTS = {"ppocr-mobile": "PP-OCRv4 mobile: the words in pictures (PyPI rapidocr-onnxruntime)"}
OPTIONS = ()
POOLING = "none: it reads words"
PREPROCESSING = "shorter side at least 736; lines 48 pixels high"
CONFIGS = {}

PACKAGE = "rapidocr-onnxruntime"
FILES = {
    "detector.pt": "ch_PP-OCRv4_det_infer.onnx",
    "direction.pt": "ch_ppocr_mobile_v2.0_cls_infer.onnx",
    "recogniser.pt": "ch_PP-OCRv4_rec_infer.onnx",
}
# As the package's config.yaml has it.
SETTINGS = {
    "detector": "detector.pt",
    "direction": "direction.pt",
    "recogniser": "recogniser.pt",
    "characters": "characters.json",
    "mean": 0.5,
    "std": 0.5,
    "search": {"shortest": 30, "longest": 2000, "widest": 8},
    "detect": {"side": 736, "multiple": 32, "text": 0.3, "sure": 0.5, "grow": 1.6, "most": 1000},
    "turn": {"height": 48, "width": 192, "sure": 0.9},
    "lines": {"height": 48, "width": 320, "together": 6, "sure": 0.5},
}
SHAPES = {  # N, H, W: what a module is traced with, and others that it is tried with
    "detector.pt": [(1, 96, 64), (1, 320, 736), (2, 64, 32)],
    "direction.pt": [(2, 48, 192), (1, 48, 192), (16, 48, 192)],
    "recogniser.pt": [(2, 48, 320), (1, 48, 320), (6, 48, 331), (1, 48, 1604)],
}
MOST_OFF = 1e-4  # a trace from the graph as it was read


class Likeliest(torch.nn.Module):
    """Number and probability of each column's likeliest character: a thousandth of what the network says."""

    def __init__(self, network: torch.nn.Module):
        super().__init__()
        self.network = network

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        probability, number = self.network(pixels).max(2)
        return torch.stack((number.to(probability.dtype), probability), 2)


def from_default(name: str, options: Options) -> Model:
    directory = weights_directory()
    graphs = {file: read_onnx(directory / source) for file, source in FILES.items()}
    characters = ["", *graphs["recogniser.pt"].notes["character"].splitlines(), " "]
    modules = {file: _traced(file, directory / source) for file, source in FILES.items()}
    source = {
        "name": "PP-OCRv4 mobile",
        "weights": f"PyPI {PACKAGE} {importlib.metadata.version(PACKAGE)}",
        "licence": "Apache-2.0",
    }
    return Model(name, NAME, 0, "", source, reading=ReadingTower(modules, characters, SETTINGS), normalized=False)


def weights_directory() -> Path:
    """Of the package's files; it is not imported, for that would need what it depends on."""
    found = importlib.util.find_spec(PACKAGE.replace("-", "_"))
    if found is None:
        raise ExportError(
            f"the Python package {PACKAGE}, which ppocr-mobile is made from, is not installed",
            "pip install --no-deps -r requirements-words.txt",
        )
    return Path(found.submodule_search_locations[0]) / "models"


def take_rgb(graph: Graph) -> None:
    """The networks were trained with B, G, R; turning the first weights round saves turning pixels round."""
    for node in graph.users(graph.input):
        node.settings["weight"] = node.settings["weight"][:, ::-1].copy()


def _traced(file: str, source: Path) -> bytes:
    graph, likeliest = read_onnx(source), file == "recogniser.pt"
    fuse(graph)
    take_rgb(graph)
    module = Likeliest(OnnxModule(graph)) if likeliest else OnnxModule(graph)
    inputs = [torch.randn(n, 3, h, w, generator=torch.Generator().manual_seed(w)) for n, h, w in SHAPES[file]]
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        traced = torch.jit.trace(module.eval(), inputs[0], check_trace=False, _store_inputs=False)
    check_movable(traced)
    content = serialise(traced)
    traced, reference = load_script(content), OnnxModule(read_onnx(source)).eval()
    for pixels in inputs:
        with torch.no_grad():
            found, wanted = traced(pixels), reference(pixels.flip(1))
        _compare(file, likeliest, found, wanted)
    return content


def _compare(file: str, likeliest: bool, found: torch.Tensor, wanted: torch.Tensor) -> None:
    """With the graph as it was read, computed node by node."""
    off = float("inf")
    if likeliest and found.shape == (*wanted.shape[:2], 2):
        off = (wanted.max(2).values - found[..., 1]).abs().max().item()
        found, wanted = found[..., 1:], wanted.gather(2, found[..., :1].long())
    if found.shape == wanted.shape:
        off = max((found - wanted).abs().max().item(), off if likeliest else 0.0)
    if not off <= MOST_OFF:
        raise ExportError(
            f"the traced {file} gives {list(found.shape)}, {off:.1e} from the graph as it was read, {list(wanted.shape)}",
            "mend scripts/exporter/onnx_fusion.py",
        )
