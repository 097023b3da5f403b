"""Pixels of pmatch_resize against Pillow: no byte may differ.

usage: resize_parity.py PMATCH_RESIZE
Skips (exit 77) when Pillow is absent, but fails in CI. The pictures are noise from a fixed seed.
"""
import random
import struct
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from skipped import no_library  # noqa: E402

try:
    from PIL import Image
except ImportError as missing:
    no_library(missing)

FILTERS = (Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, Image.Resampling.LANCZOS)


def sizes(rng):
    yield from ((348, 348, 256, 256), (1, 1, 7, 9), (1, 500, 3, 256), (256, 256, 256, 256),
                (256, 100, 256, 256), (100, 256, 256, 256), (3000, 17, 300, 256))
    for _ in range(150):
        yield tuple(rng.randrange(1, 700) for _ in range(4))


def main():
    rng = random.Random(1)
    tool = subprocess.Popen([sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    different = compared = 0
    for i, (width, height, to_width, to_height) in enumerate(sizes(rng)):
        pixels = rng.randbytes(width * height * 3)
        if i % 3 == 0:  # hard edges: the filters overshoot and must be clipped
            pixels = bytes(255 if b > 127 else 0 for b in pixels)
        image = Image.frombytes("RGB", (width, height), pixels)
        for number, kind in enumerate(FILTERS):
            w, h = rng.randrange(1, to_width + 1), rng.randrange(1, to_height + 1)
            left, top = rng.randrange(to_width - w + 1), rng.randrange(to_height - h + 1)
            wanted = image.resize((to_width, to_height), kind).crop((left, top, left + w, top + h))
            tool.stdin.write(struct.pack("9i", width, height, to_width, to_height, number, left,
                                         top, w, h) + pixels)
            tool.stdin.flush()
            compared += 1
            if tool.stdout.read(w * h * 3) != wanted.tobytes():
                different += 1
                print(f"differs: {width}x{height} to {to_width}x{to_height}, {kind.name}, "
                      f"window {left},{top} {w}x{h}")
    tool.stdin.close()
    print(f"{compared} pictures, {different} differ")
    return 1 if different or tool.wait() else 0


if __name__ == "__main__":
    sys.exit(main())
