"""Transformer layers that trace to plain operations, built from the reference's weights.

Nothing here depends on a device or dtype, so a traced tower can be moved and cast; pooling and
normalisation are in float32.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F

from .errors import ExportError

ACTIVATIONS = {
    "gelu": F.gelu,
    "gelu_pytorch_tanh": lambda x: F.gelu(x, approximate="tanh"),
    "quick_gelu": lambda x: x * torch.sigmoid(1.702 * x),
    "relu": F.relu,
}


def activation(name: str):
    if name not in ACTIVATIONS:
        raise ExportError(
            f"the checkpoint's activation is {name}",
            f"give a checkpoint with one of {', '.join(ACTIVATIONS)}, or add it to scripts/exporter/layers.py",
        )
    return ACTIVATIONS[name]


class Mlp(torch.nn.Module):
    def __init__(self, wide: torch.nn.Linear, narrow: torch.nn.Linear, act: str):
        super().__init__()
        self.wide, self.narrow, self.act = wide, narrow, activation(act)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.narrow(self.act(self.wide(x)))


class GatedMlp(torch.nn.Module):
    """SwiGLU."""

    def __init__(self, gate: torch.nn.Linear, up: torch.nn.Linear, down: torch.nn.Linear):
        super().__init__()
        self.gate, self.up, self.down = gate, up, down

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.down(F.silu(self.gate(x)) * self.up(x))


class Attention(torch.nn.Module):
    """The fused attention call: faster than matmul and softmax from some hundred tokens on, never slower by much.
    Three projections of their own are as fast as a joint one."""

    def __init__(self, query, key, value, out, heads: int, causal: bool = False):
        super().__init__()
        self.query, self.key, self.value, self.out = query, key, value, out
        self.heads, self.causal = heads, causal

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        query, key, value = (split(part(x), self.heads) for part in (self.query, self.key, self.value))
        attended = F.scaled_dot_product_attention(query, key, value, is_causal=self.causal)
        return self.out(attended.transpose(1, 2).flatten(2))


class Layer(torch.nn.Module):
    """Pre-norm: x + attention(norm(x)), then x + mlp(norm(x))."""

    def __init__(self, norm1, attention: Attention, norm2, mlp: torch.nn.Module):
        super().__init__()
        self.norm1, self.attention, self.norm2, self.mlp = norm1, attention, norm2, mlp

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x + self.attention(self.norm1(x))
        return x + self.mlp(self.norm2(x))


def split(x: torch.Tensor, heads: int) -> torch.Tensor:
    """[B,T,hidden] -> [B,heads,T,hidden/heads]"""
    return x.unflatten(-1, (heads, x.shape[-1] // heads)).transpose(1, 2)


def scaled(linear: torch.nn.Linear, scale: torch.Tensor) -> torch.nn.Linear:
    """The linear layer followed by the scale, as one linear layer."""
    folded = torch.nn.Linear(linear.in_features, linear.out_features)
    folded.load_state_dict({"weight": linear.weight * scale[:, None], "bias": linear.bias * scale})
    return folded


def frozen(tensor: torch.Tensor) -> torch.nn.Parameter:
    return torch.nn.Parameter(tensor.detach().clone().contiguous(), False)


def finished(vector: torch.Tensor, normalize: bool) -> torch.Tensor:
    """float32, of unit length if asked for."""
    return F.normalize(vector.float(), dim=1) if normalize else vector.float()
