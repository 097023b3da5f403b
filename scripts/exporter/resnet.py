"""ResNet: the mean of the last feature map, 2048 values for ResNet-50."""

from __future__ import annotations

import re
from pathlib import Path

import torch
import torch.nn.functional as F

from . import presets
from .checkpoint import licence_of, load_reference, randomise, read_json, read_state_dict, read_weights
from .errors import ExportError
from .layers import finished
from .model import ImageTower, Model
from .options import PICTURE, Options

NAME = "resnet"
MODEL_TYPES = ("resnet",)
DEFAULTS = {}
OPTIONS = PICTURE
POOLING = "mean (of the last feature map); L2"
PREPROCESSING = "preprocessor_config.json, else shortest256-crop224-bilinear, ImageNet mean and std; --preprocess caffe"
PREPROCESS = presets.shortest(256, 224, "bilinear") | presets.IMAGENET
CONFIGS = {  # for --random-init
    "tiny": {"depths": [1, 1, 1, 1], "hidden_sizes": [32, 64, 96, 128], "embedding_size": 16},
    "50": {"depths": [3, 4, 6, 3], "hidden_sizes": [256, 512, 1024, 2048], "embedding_size": 64},
}
UNUSED = (r"^classifier\.",)
# torchvision's names -> transformers'; the numbers of stages and layers are one apart.
NORMS = r"(weight|bias|running_mean|running_var|num_batches_tracked)$"
RENAMED = (
    (re.compile(r"^conv1\.(weight)$"), lambda m: f"embedder.embedder.convolution.{m[1]}"),
    (re.compile(r"^bn1\." + NORMS), lambda m: f"embedder.embedder.normalization.{m[1]}"),
    (re.compile(r"^layer(\d)\.(\d+)\.conv(\d)\.(weight)$"), lambda m: f"{_layer_name(m)}.layer.{int(m[3]) - 1}.convolution.{m[4]}"),
    (re.compile(r"^layer(\d)\.(\d+)\.bn(\d)\." + NORMS), lambda m: f"{_layer_name(m)}.layer.{int(m[3]) - 1}.normalization.{m[4]}"),
    (re.compile(r"^layer(\d)\.(\d+)\.downsample\.0\.(weight)$"), lambda m: f"{_layer_name(m)}.shortcut.convolution.{m[3]}"),
    (re.compile(r"^layer(\d)\.(\d+)\.downsample\.1\." + NORMS), lambda m: f"{_layer_name(m)}.shortcut.normalization.{m[3]}"),
)


def _layer_name(found: re.Match) -> str:
    return f"encoder.stages.{int(found[1]) - 1}.layers.{found[2]}"


class Residual(torch.nn.Module):
    def __init__(self, layer: torch.nn.Module):
        super().__init__()
        self.convolutions = torch.nn.ModuleList(_folded(part) for part in layer.layer)
        self.shortcut = _folded(layer.shortcut) if hasattr(layer.shortcut, "convolution") else None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = x
        for place, convolution in enumerate(self.convolutions):
            y = convolution(F.relu(y) if place else y)
        return F.relu(y + (self.shortcut(x) if self.shortcut is not None else x))


class ResNetTower(torch.nn.Module):
    def __init__(self, reference: torch.nn.Module, normalize: bool):
        super().__init__()
        self.stem, self.normalize = _folded(reference.embedder.embedder), normalize
        self.layers = torch.nn.ModuleList(Residual(layer) for stage in reference.encoder.stages for layer in stage.layers)
        self.to(memory_format=torch.channels_last).requires_grad_(False)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        x = pixels.type_as(self.stem.weight).contiguous(memory_format=torch.channels_last)
        x = F.max_pool2d(F.relu(self.stem(x)), 3, 2, 1)
        for layer in self.layers:
            x = layer(x)
        return finished(x.float().mean((2, 3)), self.normalize)


def _folded(part: torch.nn.Module) -> torch.nn.Conv2d:
    """The convolution with its batch norm folded in."""
    own, norm = part.convolution, part.normalization
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    folded = torch.nn.Conv2d(own.in_channels, own.out_channels, own.kernel_size, own.stride, own.padding)
    folded.load_state_dict(
        {"weight": own.weight * scale[:, None, None, None], "bias": norm.bias - norm.running_mean * scale}
    )
    return folded


def from_checkpoint(directory: Path, name: str, options: Options) -> Model:
    from transformers import ResNetConfig, ResNetModel

    config = ResNetConfig(**read_json(directory / "config.json"))
    weights = {key.removeprefix("resnet."): value for key, value in read_weights(directory).items()}
    reference = load_reference(ResNetModel, config, _complete(weights), str(directory), UNUSED)
    source = {"name": name, "weights": f"checkpoint {name}", "licence": licence_of(directory)}
    return _model(reference, name, source, directory, options)


def is_state_dict(weights: dict[str, torch.Tensor]) -> bool:
    return "conv1.weight" in weights and "layer1.0.conv1.weight" in weights


def from_state_dict(file: Path, name: str, options: Options) -> Model:
    """A torchvision-style file: conv1, bn1, layer1.0.conv1, …, fc, which is left out."""
    from transformers import ResNetConfig, ResNetModel

    given = {key: value for key, value in read_state_dict(file).items() if not key.startswith("fc.")}
    config = ResNetConfig(**_config_of(given))
    weights: dict[str, torch.Tensor] = {}
    for key, value in given.items():
        found = next((rename(m) for pattern, rename in RENAMED if (m := pattern.match(key))), key)
        weights[found] = value
    reference = load_reference(ResNetModel, config, _complete(weights), str(file))
    return _model(reference, name, {"name": name, "weights": f"file {file.name}", "licence": "unknown"}, None, options)


def random_init(given: dict, seed: int, name: str, options: Options) -> Model:
    from transformers import ResNetConfig, ResNetModel

    with torch.random.fork_rng():
        torch.manual_seed(seed)
        reference = ResNetModel(ResNetConfig(**given)).eval().requires_grad_(False)
        convolutions = {id(m.weight): m.weight.clone() for m in reference.modules() if isinstance(m, torch.nn.Conv2d)}
        randomise(reference, seed)
        for module in reference.modules():  # keep the values in range through many layers
            if isinstance(module, torch.nn.Conv2d):
                module.weight.copy_(convolutions[id(module.weight)])
            elif isinstance(module, torch.nn.BatchNorm2d):
                module.running_mean.copy_(0.1 * torch.randn_like(module.running_mean))
                module.running_var.copy_(1.5 + 0.5 * torch.rand_like(module.running_var))
    source = {"name": name, "weights": f"random, seed {seed}", "licence": "none needed"}
    return _model(reference, name, source, None, options)


def _config_of(weights: dict[str, torch.Tensor]) -> dict:
    """Depths and widths as the keys and shapes have them; the stride is in the 3x3 convolution, as in torchvision."""
    kind, last = ("bottleneck", "conv3") if "layer1.0.conv3.weight" in weights else ("basic", "conv2")
    depths, widths = [], []
    for stage in range(1, 5):
        numbers = {int(m[1]) for key in weights if (m := re.match(rf"layer{stage}\.(\d+)\.", key))}
        width = weights.get(f"layer{stage}.0.{last}.weight")
        if not numbers or width is None:
            raise ExportError(f"the state dict has no layer{stage}.0.{last}.weight", "give a whole torchvision-style ResNet")
        depths.append(max(numbers) + 1)
        widths.append(width.shape[0])
    return {"depths": depths, "hidden_sizes": widths, "embedding_size": weights["conv1.weight"].shape[0], "layer_type": kind}


def _complete(weights: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Files older than PyTorch 0.4.1 do not count their training batches; nothing else reads the number."""
    counts = {
        key.replace("running_mean", "num_batches_tracked"): torch.tensor(0) for key in weights if key.endswith("running_mean")
    }
    return counts | weights


def _model(reference, name: str, source: dict, directory: Path | None, options: Options) -> Model:
    if reference.config.hidden_act != "relu":
        raise ExportError(f"the checkpoint's activation is {reference.config.hidden_act}", "give a ResNet with relu")
    normalize = options.normalize is not False
    settings = presets.chosen(directory, PREPROCESS, options)

    def vectors(pixels: torch.Tensor) -> torch.Tensor:
        return finished(reference(pixels).pooler_output.flatten(1), normalize)

    image = ImageTower(ResNetTower(reference, normalize).eval(), settings, vectors)
    dim = reference.config.hidden_sizes[-1]
    return Model(name, NAME, dim, "mean", source, image=image, normalized=normalize)
