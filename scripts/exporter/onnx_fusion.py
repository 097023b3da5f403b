"""Rewrites an ONNX graph into fewer, larger steps: the same function, without passes over memory between them."""

from __future__ import annotations

import numpy as np

from .onnx_file import Graph, Node

CONVOLUTIONS = ("Conv", "ConvTranspose")


def fuse(graph: Graph) -> None:
    """In place. New kinds of nodes: HardSwish, Swish, LayerNorm, Linear, and Affine (x * scale + shift)."""
    _compute_constants(graph)
    for rewrite in (_swish, _hard_swish, _layer_norm, _linear, _into_convolution, _affine):
        _everywhere(graph, rewrite)
    for rewrite in (_affine_into_pointwise, _scale_into_convolution):
        _everywhere(graph, rewrite)


def _everywhere(graph: Graph, rewrite) -> None:
    """Applies `rewrite` to nodes until there is none that it changes."""
    while any(rewrite(graph, node) for node in graph.nodes):
        pass


def _compute_constants(graph: Graph) -> None:
    """Reshape and Cast of constants."""
    for node in list(graph.nodes):
        if node.kind not in ("Reshape", "Cast") or any(name not in graph.constants for name in node.inputs):
            continue
        value = graph.constants[node.inputs[0]]
        graph.constants[node.output] = value.reshape(graph.constants[node.inputs[1]]) if node.kind == "Reshape" else value
        graph.nodes.remove(node)


def _constant(graph: Graph, node: Node, value: float | None = None):
    """The constant operand of a node of two, of `value` if given, and the name of the other; or None."""
    for place in (0, 1):
        found = graph.constants.get(node.inputs[place])
        if found is not None and (value is None or (found.size == 1 and np.isclose(found.item(), value))):
            return found, node.inputs[1 - place]
    return None


def _only_user(graph: Graph, name: str, kind: str) -> Node | None:
    users = graph.users(name)
    return users[0] if len(users) == 1 and users[0].kind == kind and name != graph.output else None


def _replace(graph: Graph, old: list[Node], new: Node) -> bool:
    """`new` takes the place of the last of `old`."""
    graph.nodes[graph.nodes.index(old[-1])] = new
    for node in old[:-1]:
        graph.nodes.remove(node)
    return True


def _swish(graph: Graph, node: Node) -> bool:
    """x * sigmoid(1 * x)"""
    if node.kind != "Mul" or not (found := _constant(graph, node, 1.0)):
        return False
    sigmoid = _only_user(graph, node.output, "Sigmoid")
    product = sigmoid and _only_user(graph, sigmoid.output, "Mul")
    if not product or found[1] not in product.inputs:
        return False
    return _replace(graph, [node, sigmoid, product], Node("Swish", [found[1]], product.output))


def _hard_swish(graph: Graph, node: Node) -> bool:
    """x * clip(x + 3, 0, 6) / 6"""
    if node.kind != "Add" or not (found := _constant(graph, node, 3.0)):
        return False
    clip = _only_user(graph, node.output, "Clip")
    product = clip and _only_user(graph, clip.output, "Mul")
    quotient = product and _only_user(graph, product.output, "Div")
    if not quotient or found[1] not in product.inputs or graph.constants[quotient.inputs[1]].item() != 6:
        return False
    if [graph.constants[name].item() for name in clip.inputs[1:]] != [0, 6]:
        return False
    return _replace(graph, [node, clip, product, quotient], Node("HardSwish", [found[1]], quotient.output))


def _layer_norm(graph: Graph, node: Node) -> bool:
    """(x - mean(x)) / sqrt(mean((x - mean(x))²) + epsilon) * scale + shift over the last axis"""
    if node.kind != "ReduceMean" or node.settings["axes"] != [-1]:
        return False
    centred = _only_user(graph, node.output, "Sub")
    steps = [node, centred]
    powers = [user for user in graph.users(centred.output) if user.kind == "Pow"] if centred else []
    if not powers:
        return False
    steps.append(powers[0])
    for kind in ("ReduceMean", "Add", "Sqrt", "Div", "Mul", "Add"):
        steps.append(_only_user(graph, steps[-1].output, kind))
        if steps[-1] is None:
            return False
    (epsilon, _), (scale, _), (shift, _) = (_constant(graph, steps[place]) for place in (4, 7, 8))
    fused = Node("LayerNorm", node.inputs[:1], steps[-1].output, {"scale": scale, "shift": shift, "epsilon": epsilon.item()})
    return _replace(graph, steps, fused)


def _linear(graph: Graph, node: Node) -> bool:
    """x @ weight + bias"""
    weight = graph.constants.get(node.inputs[-1])
    total = node.kind == "MatMul" and weight is not None and _only_user(graph, node.output, "Add")
    found = total and _constant(graph, total)
    if not found:
        return False
    fused = Node("Linear", node.inputs[:1], total.output, {"weight": weight.T, "bias": found[0]})
    return _replace(graph, [node, total], fused)


def _per_channel(values: np.ndarray) -> np.ndarray | None:
    """[C] or [1], if `values` are constant but for the channel of N, C, H, W; else None."""
    if values.size == 1:
        return values.reshape(1)
    return values.reshape(-1) if values.ndim == 4 and values.size == values.shape[1] else None


def _scale_and_shift(graph: Graph, node: Node) -> tuple[np.ndarray, np.ndarray] | None:
    """Of a node that multiplies by constants or adds some, or None."""
    if node.kind == "BatchNormalization":
        scale, shift, mean, variance = (graph.constants[name].astype(np.float64) for name in node.inputs[1:])
        factor = scale / np.sqrt(variance + node.settings["epsilon"])
        return factor, shift - mean * factor
    if node.kind == "Affine":
        return node.settings["scale"], node.settings["shift"]
    found = _constant(graph, node) if node.kind in ("Mul", "Add") else None
    values = _per_channel(found[0].astype(np.float64)) if found else None
    if values is None:
        return None
    return (values, np.zeros(1)) if node.kind == "Mul" else (np.ones(1), values)


def _weights(graph: Graph, node: Node) -> tuple[np.ndarray, np.ndarray]:
    """Weight and bias of a convolution in double precision, so that folding rounds once."""
    if "weight" not in node.settings:
        weight = graph.constants[node.inputs[1]].astype(np.float64)
        outputs = weight.shape[0] if node.kind == "Conv" else weight.shape[1] * node.settings["group"]
        bias = graph.constants[node.inputs[2]].astype(np.float64) if len(node.inputs) > 2 else np.zeros(outputs)
        node.settings |= {"weight": weight, "bias": bias}
        node.inputs = node.inputs[:1]
    return node.settings["weight"], node.settings["bias"]


def _into_convolution(graph: Graph, node: Node) -> bool:
    """What scales and shifts a convolution's result becomes part of its weights."""
    if node.kind not in CONVOLUTIONS:
        return False
    weight, bias = _weights(graph, node)
    users = graph.users(node.output)
    found = _scale_and_shift(graph, users[0]) if len(users) == 1 else None
    if found is None or (node.kind == "ConvTranspose" and node.settings["group"] != 1):
        return False
    scale, shift = (np.broadcast_to(values, bias.shape) for values in found)
    column = (-1, 1, 1, 1) if node.kind == "Conv" else (1, -1, 1, 1)
    node.settings |= {"weight": weight * scale.reshape(column), "bias": bias * scale + shift}
    node.output = users[0].output
    graph.nodes.remove(users[0])
    return True


def _affine(graph: Graph, node: Node) -> bool:
    """Scaling and shifting by one number each, after all else: one pass."""
    found = _scale_and_shift(graph, node) if node.kind == "Mul" else None
    shifted = found and _only_user(graph, node.output, "Add")
    shift = _scale_and_shift(graph, shifted) if shifted else None
    if shift is None or found[0].size != 1 or shift[1].size != 1:
        return False
    _, name = _constant(graph, node)
    fused = Node("Affine", [name], shifted.output, {"scale": found[0], "shift": shift[1]})
    return _replace(graph, [node, shifted], fused)


def _affine_into_pointwise(graph: Graph, node: Node) -> bool:
    """A convolution that pads nothing takes in what scales and shifts its input, if nobody else reads that."""
    if node.kind != "Affine":
        return False
    user = _only_user(graph, node.output, "Conv")
    if not user or any(user.settings["pads"]) or user.settings["group"] != 1:
        return False
    weight, bias = _weights(graph, user)
    scale, shift = node.settings["scale"].item(), node.settings["shift"].item()
    user.settings |= {"weight": weight * scale, "bias": bias + shift * weight.sum((1, 2, 3))}
    user.inputs = node.inputs
    graph.nodes.remove(node)
    return True


def _scale_into_convolution(graph: Graph, node: Node) -> bool:
    """One that pads takes in the scale alone: what it pads with is 0 before and after a shift."""
    if node.kind != "Affine" or node.settings["scale"].item() in (0, 1):
        return False
    user = _only_user(graph, node.output, "Conv")
    if not user:
        return False
    weight, _ = _weights(graph, user)
    scale = node.settings["scale"]
    user.settings["weight"] = weight * scale.item()
    node.settings = {"scale": np.ones(1), "shift": node.settings["shift"] / scale}
    return True
