"""A small painter: masks, patterns, shading. Coordinates run from 0 to 1, x to the right, y down."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

SIDE = 560  # pixels of the drawing sheet; pictures are scaled down from it
_Y, _X = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32) / SIDE


def rgb(colour):
    """'#rrggbb' as three floats between 0 and 1."""
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], np.float32) / 255


def blur(field, radius):
    """Gaussian blur of a field between 0 and 1; `radius` as a share of the sheet."""
    picture = Image.fromarray(np.uint8(np.clip(field, 0, 1) * 255))
    return np.asarray(picture.filter(ImageFilter.GaussianBlur(radius * SIDE)), np.float32) / 255


def moved(field, right, down):
    """The field shifted by shares of its side; what comes in from outside is 0."""
    dx, dy = int(right * field.shape[1]), int(down * field.shape[0])
    out = np.zeros_like(field)
    out[dy:, dx:] = field[: field.shape[0] - dy, : field.shape[1] - dx]
    return out


# Masks: float arrays between 0 and 1, combined with np.maximum and products.


def _drawn(draw):
    sheet = Image.new("L", (SIDE * 2, SIDE * 2))
    draw(ImageDraw.Draw(sheet), SIDE * 2)
    return np.asarray(sheet.resize((SIDE, SIDE), Image.Resampling.BOX), np.float32) / 255


def polygon(*points):
    return _drawn(lambda pen, s: pen.polygon([(x * s, y * s) for x, y in points], fill=255))


def ellipse(x, y, rx, ry):
    box = (x - rx, y - ry, x + rx, y + ry)
    return _drawn(lambda pen, s: pen.ellipse([v * s for v in box], fill=255))


def box(x0, y0, x1, y1, radius=0.0):
    return _drawn(
        lambda pen, s: pen.rounded_rectangle([x0 * s, y0 * s, x1 * s, y1 * s], radius * s, fill=255)
    )


def line(width, *points):
    def draw(pen, s):
        pen.line([(x * s, y * s) for x, y in points], fill=255, width=int(width * s), joint="curve")
        for x, y in points:
            r = width / 2
            pen.ellipse([(x - r) * s, (y - r) * s, (x + r) * s, (y + r) * s], fill=255)

    return _drawn(draw)


def smooth(*points, closed=True, steps=14):
    """The points of a Catmull-Rom curve through `points`."""
    p = np.array(points, np.float32)
    p = np.vstack([p[-1:], p, p[:2]]) if closed else np.vstack([p[:1], p, p[-1:]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(p, p[1:], p[2:], p[3:]):
        pieces.append(
            0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2
                   + (3 * b - a - 3 * c + d) * t**3)
        )
    return [tuple(map(float, q)) for q in np.vstack(pieces)]


# Patterns: how much of the second colour is seen at each point.


def _fract(v):
    return v - np.floor(v)


def pattern_field(name, u, v, rng):
    if name == "stripes":
        return (_fract(v * 14) < 0.38).astype(np.float32)
    if name == "bars":
        return (_fract(u * 12) < 0.42).astype(np.float32)
    if name == "wide":
        return (_fract(v * 6 + 0.2) < 0.5).astype(np.float32)
    if name == "diagonal":
        return (_fract((u + v) * 11) < 0.4).astype(np.float32)
    if name == "dots":
        row = np.floor(v * 13)
        x, y = _fract(u * 13 + 0.5 * (row % 2)) - 0.5, _fract(v * 13) - 0.5
        return (x * x + y * y < 0.075).astype(np.float32)
    if name == "check":
        return 0.5 * (_fract(u * 9) < 0.5) + 0.5 * (_fract(v * 9) < 0.5)
    if name == "panels":
        return (_fract(u * 4) < 0.5).astype(np.float32)
    if name == "dip":
        return np.clip((v - 0.60 + 0.012 * np.sin(u * 40)) * 60, 0, 1)
    if name == "fade":
        return np.clip((v - 0.25) * 1.9, 0, 1)
    if name in ("speckle", "camo", "floral"):
        grain = {"speckle": 0.0035, "camo": 0.03, "floral": 0.012}[name]
        level = {"speckle": 1.5, "camo": 0.35, "floral": 1.1}[name]
        noise = blur(rng.random((SIDE, SIDE)).astype(np.float32), grain)
        noise = (noise - noise.mean()) / (noise.std() + 1e-6)
        return np.clip((noise - level) * 5, 0, 1)
    return np.zeros((SIDE, SIDE), np.float32)


class Sheet:
    """One product without a background; later layers lie over earlier ones."""

    def __init__(self, rng):
        self.rng = rng
        self.colour = np.zeros((SIDE, SIDE, 3), np.float32)
        self.alpha = np.zeros((SIDE, SIDE), np.float32)

    def paint(self, mask, colour, second=None, pattern=None, shade="puff", depth=0.03, gloss=0.0,
              grain=0.03, u=None, lift=0.0):
        """Lays `colour` (with `pattern` in `second`) over `mask`, lit from the upper left.

        shade: puff (cushion), tube (upright cylinder), pipe (lying cylinder) or flat.
        lift: strength of the soft shadow this layer throws on those below.
        """
        if mask.max() == 0:
            return
        if lift:
            dark = moved(blur(mask, 0.012), 0.006, 0.012)
            self.colour *= (1 - lift * dark * (1 - mask))[..., None]
        x0, x1, y0, y1 = _extent(mask)
        across = np.clip((_X - x0) / max(x1 - x0, 1e-3) * 2 - 1, -1, 1)
        down = np.clip((_Y - y0) / max(y1 - y0, 1e-3) * 2 - 1, -1, 1)
        if u is None:
            u = np.arcsin(across) * (x1 - x0) / 2 if shade == "tube" else _X
        base = np.broadcast_to(rgb(colour), self.colour.shape).copy()
        if pattern and second:
            field = pattern_field(pattern, u, _Y, self.rng)[..., None]
            base = base * (1 - field) + rgb(second) * field
        light, shine = self._light(mask, shade, depth, across, down)
        noise = blur(self.rng.random((SIDE, SIDE)).astype(np.float32), 0.0025) - 0.5
        cloth = self.rng.normal(0, 1, (SIDE // 14, SIDE // 14))
        cloth = np.asarray(Image.fromarray(np.float32(cloth)).resize((SIDE, SIDE), 3))
        light = light * (1 + grain * (cloth * 0.22 + noise * 4.5))
        lit = base * light[..., None] + gloss * shine[..., None]
        over = mask[..., None]
        self.colour = self.colour * (1 - over) + np.clip(lit, 0, 1) * over
        self.alpha = self.alpha * (1 - mask) + mask

    def cut(self, mask):
        """Takes away what lies under `mask`."""
        self.colour *= 1 - mask[..., None]
        self.alpha *= 1 - mask

    @staticmethod
    def _light(mask, shade, depth, across, down):
        if shade in ("tube", "pipe"):
            t = across if shade == "tube" else down
            light = 0.62 + 0.46 * np.sqrt(np.clip(1 - ((t + 0.3) / 1.35) ** 2, 0, 1))
            return light, np.exp(-(((t + 0.45) / 0.13) ** 2)) + 0.3 * np.exp(-(((t - 0.75) / 0.1) ** 2))
        if shade == "puff":
            height = blur(mask, depth) + 0.5 * blur(mask, depth / 3)
            dy, dx = np.gradient(height)
            slope = (dx * 0.6 + dy * 0.8) * SIDE * depth
            light = 0.97 + np.clip(slope, -0.9, 0.7) * 0.42
            return light * (1.05 - 0.14 * _Y), np.clip(slope - 0.25, 0, 1)
        return np.ones_like(mask) * (1.04 - 0.12 * _Y), np.zeros_like(mask)

    def picture(self):
        """RGBA, straight alpha; the layers were gathered premultiplied."""
        straight = self.colour / np.maximum(self.alpha, 1e-4)[..., None]
        stacked = np.dstack([np.clip(straight, 0, 1), self.alpha])
        return Image.fromarray(np.uint8(np.round(stacked * 255)), "RGBA")


def _extent(mask):
    rows, columns = np.flatnonzero(mask.max(1) > 0.5), np.flatnonzero(mask.max(0) > 0.5)
    if not len(rows) or not len(columns):
        return 0, 1, 0, 1
    return columns[0] / SIDE, (columns[-1] + 1) / SIDE, rows[0] / SIDE, (rows[-1] + 1) / SIDE
