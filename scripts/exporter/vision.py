"""The vision transformer of DINOv2, ViT, CLIP and SigLIP."""

from __future__ import annotations

import torch

from .layers import finished, frozen

POOLS = ("cls", "mean", "cls+mean")


class TokenPool(torch.nn.Module):
    """The final norm, then the class token, the mean of the patches (not of class and registers), or both
    one after the other: class token first, twice the values."""

    def __init__(self, norm: torch.nn.Module, kind: str, extra_tokens: int):
        super().__init__()
        self.norm, self.kind, self.extra_tokens = norm, kind, extra_tokens

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.kind == "cls":
            return self.norm(x[:, 0])
        x = self.norm(x)
        mean = x[:, self.extra_tokens :].float().mean(1).type_as(x)
        return mean if self.kind == "mean" else torch.cat((x[:, 0], mean), dim=1)

    def reference(self, hidden: torch.Tensor) -> torch.Tensor:
        """The same of the reference's last_hidden_state, which has the norm already."""
        mean = hidden[:, self.extra_tokens :].mean(dim=1)
        return {"cls": hidden[:, 0], "mean": mean, "cls+mean": torch.cat([hidden[:, 0], mean], dim=-1)}[self.kind]


class VisionTower(torch.nn.Module):
    """Patches, position table of one picture size, layers, pooling.

    `extra` [1,K,hidden] are the tokens before the patches, positions added; None for none. `before` is a norm in
    front of the layers, `head` what follows the pooling.
    """

    def __init__(self, patches: torch.nn.Conv2d, positions, extra, layers, pool, normalize=True, before=None, head=None):
        super().__init__()
        self.patches, self.pool, self.normalize = patches, pool, normalize
        self.before, self.head = before or torch.nn.Identity(), head or torch.nn.Identity()
        self.positions = frozen(positions)
        self.extra = None if extra is None else frozen(extra)
        self.layers = torch.nn.ModuleList(layers)
        self.requires_grad_(False)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        x = self.patches(pixels.type_as(self.patches.weight)).flatten(2).transpose(1, 2) + self.positions
        if self.extra is not None:
            x = torch.cat((self.extra.expand(x.size(0), -1, -1), x), dim=1)
        x = self.before(x)
        for layer in self.layers:
            x = layer(x)
        return finished(self.head(self.pool(x)), self.normalize)


def folded_positions(embeddings: torch.nn.Module, hidden: int, patch: int, size: tuple[int, int], extra: int) -> torch.Tensor:
    """The reference's own position table for pictures of `size` (height, width); `extra` tokens come first."""
    count = (size[0] // patch) * (size[1] // patch) + extra
    with torch.no_grad():
        return embeddings.interpolate_pos_encoding(torch.zeros(1, count, hidden), *size).reshape(1, count, hidden)
