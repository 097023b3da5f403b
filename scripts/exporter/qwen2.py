"""A Qwen2 decoder with the reference's weights, scripted: one module for the prompt and for single steps.

Keys and values are stored in place in a cache owned by the caller, one slot per row. Nothing here depends
on a device or dtype, so the module can be moved and cast; norms and angles are always float32.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F

from .errors import ExportError
from .layers import frozen


class RmsNorm(torch.nn.Module):
    def __init__(self, reference: torch.nn.Module):
        super().__init__()
        self.weight = frozen(reference.weight)
        self.eps: float = reference.variance_epsilon

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        wide = x.float()
        wide = wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + self.eps)
        return self.weight * wide.type_as(x)


class DecoderLayer(torch.nn.Module):
    """Query, key and value are one product, and so are the two halves of the gated MLP."""

    def __init__(self, reference: torch.nn.Module, heads: int, groups: int, dim: int):
        super().__init__()
        own, mlp = reference.self_attn, reference.mlp
        self.heads, self.groups, self.dim = heads, groups, dim
        parts = (own.q_proj, own.k_proj, own.v_proj)
        self.joint = frozen(torch.cat([part.weight for part in parts]))
        self.joint_bias = frozen(torch.cat([part.bias for part in parts]))
        self.out = torch.nn.Parameter(own.o_proj.weight, False)
        self.wide = frozen(torch.cat([mlp.gate_proj.weight, mlp.up_proj.weight]))
        self.narrow = torch.nn.Parameter(mlp.down_proj.weight, False)
        self.norm1, self.norm2 = RmsNorm(reference.input_layernorm), RmsNorm(reference.post_attention_layernorm)

    def forward(
        self,
        x: torch.Tensor,
        cos: torch.Tensor,
        sin: torch.Tensor,
        places: torch.Tensor,
        longest: int,
        mask: torch.Tensor,
        keys: torch.Tensor,
        values: torch.Tensor,
    ) -> torch.Tensor:
        batch, length = x.size(0), x.size(1)
        joint = F.linear(self.norm1(x), self.joint, self.joint_bias).view(batch, length, -1, self.dim).transpose(1, 2)
        turned = joint[:, : self.heads + self.groups]
        turned = turned * cos + torch.cat((-turned[..., self.dim // 2 :], turned[..., : self.dim // 2]), dim=-1) * sin
        query, key, value = turned[:, : self.heads], turned[:, self.heads :], joint[:, self.heads + self.groups :]
        if length > 1:
            keys[:, :, :length] = key
            values[:, :, :length] = value
            copies = self.heads // self.groups
            key = key.unsqueeze(2).expand(-1, -1, copies, -1, -1).flatten(1, 2)
            value = value.unsqueeze(2).expand(-1, -1, copies, -1, -1).flatten(1, 2)
            attended = F.scaled_dot_product_attention(query, key, value, is_causal=True)
        else:
            places = places.expand(-1, self.groups, -1, self.dim)
            keys.scatter_(2, places, key)
            values.scatter_(2, places, value)
            key, value = keys[:, :, :longest], values[:, :, :longest]
            query = query.reshape(batch, self.groups, -1, self.dim)  # the heads of a group see the same keys
            if batch == 1:
                attended = F.scaled_dot_product_attention(query, key, value)
            else:
                attended = F.scaled_dot_product_attention(query, key, value, attn_mask=mask)
            attended = attended.reshape(batch, -1, 1, self.dim)
        x = x + F.linear(attended.transpose(1, 2).flatten(2), self.out)
        gate, up = F.linear(self.norm2(x), self.wide).chunk(2, dim=-1)
        return x + F.linear(F.silu(gate) * up, self.narrow)


class Decoder(torch.nn.Module):
    """embed(ids i64[B,T]) -> [B,T,H]; forward(...) -> logits f32[B,1,V], or [B,T,V] with `all_logits`.

    x [B,T,H]; starts i64[B]: place of the first new token of each row; longest: the largest of them plus T;
    k_cache, v_cache [L,B,KV,S,hd]. With T > 1 all starts must be 0.
    """

    def __init__(self, language_model: torch.nn.Module, lm_head: torch.nn.Module, newline: torch.Tensor):
        super().__init__()
        config = language_model.config
        check_config(config)
        self.dim: int = language_model.layers[0].self_attn.head_dim
        self.base: float = float(config.rope_parameters["rope_theta"])
        self.words = torch.nn.Parameter(language_model.embed_tokens.weight, False)
        tied = lm_head.weight.data_ptr() == self.words.data_ptr()
        self.head = self.words if tied else torch.nn.Parameter(lm_head.weight, False)
        self.newline = frozen(newline)
        self.norm = RmsNorm(language_model.norm)
        heads, groups = config.num_attention_heads, config.num_key_value_heads
        self.layers = torch.nn.ModuleList(DecoderLayer(layer, heads, groups, self.dim) for layer in language_model.layers)

    @torch.jit.export
    def embed(self, ids: torch.Tensor) -> torch.Tensor:
        return F.embedding(ids, self.words)

    def forward(
        self,
        x: torch.Tensor,
        starts: torch.Tensor,
        longest: int,
        k_cache: torch.Tensor,
        v_cache: torch.Tensor,
        all_logits: bool,
    ) -> torch.Tensor:
        length = x.size(1)
        even = torch.arange(0, self.dim, 2, device=x.device).float()
        inverse = 1.0 / torch.pow(self.base, even / self.dim)
        positions = starts[:, None] + torch.arange(length, device=x.device)
        angles = positions[:, None, :, None].float() * inverse
        angles = torch.cat((angles, angles), dim=-1)
        cos, sin = angles.cos().type_as(x), angles.sin().type_as(x)
        places = starts[:, None, None, None]
        seen = torch.arange(longest if length == 1 else 1, device=x.device) <= places
        mask = torch.zeros_like(seen, dtype=x.dtype).masked_fill(seen.logical_not(), float("-inf"))
        for index, layer in enumerate(self.layers):
            x = layer(x, cos, sin, places, longest, mask, k_cache[index], v_cache[index])
        if not all_logits:
            x = x[:, -1:]
        return F.linear(self.norm(x), self.head).float()


def check_config(config) -> None:
    """Refuses what this decoder does not do."""
    found = {
        "hidden_act": (config.hidden_act, "silu"),
        "rope_parameters.rope_type": (config.rope_parameters.get("rope_type", "default"), "default"),
        "use_sliding_window": (bool(config.use_sliding_window), False),
    }
    for name, (value, wanted) in found.items():
        if value != wanted:
            raise ExportError(
                f"the checkpoint's {name} is {value!r}, expected {wanted!r}", "add the variant to scripts/exporter/qwen2.py"
            )
