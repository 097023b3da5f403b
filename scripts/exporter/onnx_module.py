"""An ONNX graph as a torch module: its nodes one after the other, for the kinds of nodes that are needed here."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F

from .errors import ExportError
from .onnx_file import Graph, Node

POINTWISE = {
    "Add": lambda x, y: x + y,
    "Sub": lambda x, y: x - y,
    "Mul": lambda x, y: x * y,
    "Div": lambda x, y: x / y,
    "Pow": lambda x, y: x**y,
    "Clip": torch.clamp,
    "Sqrt": torch.sqrt,
    "Sigmoid": torch.sigmoid,
    "Swish": F.silu,
    "Identity": lambda x: x,
    "MatMul": torch.matmul,
    "GlobalAveragePool": lambda x: F.adaptive_avg_pool2d(x, 1),
}


NEW = ("Conv", "ConvTranspose", "Linear", "HardSwish", "Affine")  # make tensors of their own


class OnnxModule(torch.nn.Module):
    """Sizes that depend on the input's are read from tensors at run time, so that a trace serves all sizes."""

    def __init__(self, graph: Graph):
        super().__init__()
        self.nodes, self.input, self.output = graph.nodes, graph.input, graph.output
        self.sizes = {name: value.tolist() for name, value in graph.constants.items() if value.dtype.kind == "i"}
        self.numbers = {node.inputs[2]: graph.constants[node.inputs[2]].tolist() for node in graph.nodes if node.kind == "Resize"}
        self.places: dict[str, str] = {}  # constant's name -> buffer's
        for name, value in graph.constants.items():
            if value.dtype.kind == "f" and any(name in node.inputs for node in graph.nodes):
                self._keep(name, value)
        for node in graph.nodes:
            for key, value in node.settings.items():
                if isinstance(value, np.ndarray) and node.kind != "Affine":
                    self._keep(f"{node.output}/{key}", value)
        uses = [name for node in graph.nodes for name in node.inputs] + [graph.output]
        # Tensors with a single reader, which may write its result over them: memory is what such steps cost.
        self.spent = {node.output for node in graph.nodes if node.kind in NEW and uses.count(node.output) == 1}
        self.last_use = {name: at for at, node in enumerate(graph.nodes) for name in node.inputs}

    def _keep(self, name: str, value: np.ndarray) -> None:
        self.places[name] = f"w{len(self.places)}"
        self.register_buffer(self.places[name], torch.tensor(value.astype(np.float32)))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        values: dict = {self.input: x, **self.sizes}
        values.update({name: getattr(self, place) for name, place in self.places.items()})
        for at, node in enumerate(self.nodes):
            values[node.output] = self._compute(node, [values[name] for name in node.inputs])
            for name in node.inputs:
                if self.last_use[name] == at and name != self.output:
                    values.pop(name, None)
        return values[self.output]

    def _compute(self, node: Node, inputs: list):
        if node.kind in POINTWISE:
            return POINTWISE[node.kind](*inputs)
        compute = getattr(self, f"_{node.kind}", None)
        if compute is None:
            raise ExportError(f"the ONNX graph has a node {node.kind}", "add it to scripts/exporter/onnx_module.py")
        return compute(node, *inputs)

    def _weight(self, node: Node, key: str) -> torch.Tensor:
        return getattr(self, self.places[f"{node.output}/{key}"])

    # Networks.

    def _Conv(self, node, x, *given):
        group, strides = node.settings["group"], node.settings["strides"]
        return F.conv2d(x, *self._weights(node, given), strides, _even_pads(node), 1, group)

    def _ConvTranspose(self, node, x, *given):
        return F.conv_transpose2d(x, *self._weights(node, given), node.settings["strides"], _even_pads(node))

    def _weights(self, node, given):
        """Weight and bias: inputs of the node as it was read, settings of one that fuse() has seen."""
        if given:
            return given if len(given) == 2 else (*given, None)
        return self._weight(node, "weight"), self._weight(node, "bias")

    def _BatchNormalization(self, node, x, scale, shift, mean, variance):
        return F.batch_norm(x, mean, variance, scale, shift, eps=node.settings["epsilon"])

    def _ReduceMean(self, node, x):
        return x.mean(node.settings["axes"], keepdim=True)

    def _Linear(self, node, x):
        return F.linear(x, self._weight(node, "weight"), self._weight(node, "bias"))

    def _LayerNorm(self, node, x):
        scale, shift = self._weight(node, "scale"), self._weight(node, "shift")
        return F.layer_norm(x, scale.shape, scale, shift, node.settings["epsilon"])

    def _HardSwish(self, node, x):
        return F.hardswish(x, inplace=node.inputs[0] in self.spent)

    def _Relu(self, node, x):
        return F.relu(x, inplace=node.inputs[0] in self.spent)

    def _Affine(self, node, x):
        scale, shift = node.settings["scale"].item(), node.settings["shift"].item()
        scaled = x if scale == 1 else x * scale
        return scaled.add_(shift) if scale != 1 or node.inputs[0] in self.spent else scaled + shift

    def _HardSigmoid(self, node, x):
        return torch.clamp(x * node.settings["alpha"] + node.settings["beta"], 0.0, 1.0)

    def _Softmax(self, node, x):
        return F.softmax(x, node.settings["axis"])

    def _AveragePool(self, node, x):
        return F.avg_pool2d(x, node.settings["kernel_shape"], node.settings["strides"], _even_pads(node))

    def _MaxPool(self, node, x):
        return F.max_pool2d(x, node.settings["kernel_shape"], node.settings["strides"], _even_pads(node))

    def _Resize(self, node, x, *_):
        if node.settings["mode"] != "nearest" or node.settings["coordinate_transformation_mode"] != "asymmetric":
            raise ExportError("the ONNX graph resizes otherwise than by repeating pixels", "extend _Resize")
        return F.interpolate(x, scale_factor=self.numbers[node.inputs[2]][2:], mode="nearest")

    # Shapes: lists of numbers, or of what a trace knows as numbers.

    def _Shape(self, node, x):
        return list(x.shape)

    def _Cast(self, node, x):
        return x

    def _Slice(self, node, x, starts, ends, axes, steps=(1,)):
        (start,), (end,), (axis,), (step,) = starts, ends, axes, steps
        if isinstance(x, list):
            return x[start:end:step]
        return x.narrow(axis, start, end - start)

    def _Concat(self, node, *parts):
        if isinstance(parts[0], list):
            return [size for part in parts for size in part]
        return torch.cat(parts, node.settings["axis"])

    def _Reshape(self, node, x, sizes):
        return x.reshape([x.shape[at] if isinstance(size, int) and size == 0 else size for at, size in enumerate(sizes)])

    def _Transpose(self, node, x):
        return x.permute(node.settings["perm"])

    def _Squeeze(self, node, x):
        (axis,) = node.settings["axes"]
        return x.squeeze(axis)


def _even_pads(node: Node) -> tuple[int, int]:
    top, left, bottom, right = node.settings.get("pads", [0, 0, 0, 0])
    if (top, left) != (bottom, right):
        raise ExportError("the ONNX graph pads one side more than the other", "extend scripts/exporter/onnx_module.py")
    return top, left
