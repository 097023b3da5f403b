"""EAN-13 codes pasted in photos, as a test of what `builtin:code` finds: drawn here from the symbol's definition (GS1
General Specifications, section 5.2), so that neither our reader nor its library has a part in what is right.

    barcode_pictures.py OUT [PHOTO…]    writes OUT/NAME.png and OUT/codes.tsv: name, pixels a module, effect, digits
"""

import random
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

SHOP = Path(__file__).resolve().parents[2] / "examples" / "shop" / "pictures"
MODULES = (1, 1.5, 2, 2.5, 3, 4)  # pixels a module
EFFECTS = ("plain", "blur", "turn", "slant", "upright", "noise", "perspective", "dim")
PHOTO = 800  # pixels, the longer side
FINER = 8  # a code is drawn so many times finer and averaged, as a camera's pixels average

# Left odd ("A"), left even ("B") and right ("C") sets, and which of A and B encode the first digit.
ODD = ["0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011"]
RIGHT = ["".join("10"[int(bit)] for bit in code) for code in ODD]
EVEN = [code[::-1] for code in RIGHT]
PARITY = ["AAAAAA", "AABABB", "AABBAB", "AABBBA", "ABAABB", "ABBAAB", "ABBBAA", "ABABAB", "ABABBA", "ABBABA"]


@dataclass
class Drawn:
    name: str
    module: float
    effect: str
    digits: str
    picture: Image.Image


def with_check_digit(twelve):
    """GS1 General Specifications, section 7.9: weights 1 and 3 from the left."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(twelve))
    return twelve + str(-total % 10)


def modules_of(digits):
    """95 characters, 1 for a dark module."""
    left = "".join((ODD if side == "A" else EVEN)[int(digit)] for side, digit in zip(PARITY[int(digits[0])], digits[1:7]))
    return "101" + left + "01010" + "".join(RIGHT[int(digit)] for digit in digits[7:]) + "101"


def label(digits, module, height=45):
    """The code with its quiet zones (11 and 7 modules) on a white label, FINER times finer."""
    dark = np.array([0] * 11 + [int(bit) for bit in modules_of(digits)] + [0] * 7)
    edges = np.round(np.arange(len(dark) + 1) * module * FINER).astype(int)
    row = np.full(edges[-1], 245, np.uint8)
    for place in np.flatnonzero(dark):
        row[edges[place] : edges[place + 1]] = 20
    margin = round(6 * module * FINER)
    rows = np.tile(row, (round(height * module * FINER), 1))
    return Image.fromarray(np.pad(rows, ((margin, margin), (0, 0)), constant_values=245))


def to_square(corners, width, height):
    """The eight coefficients of Image.transform(PERSPECTIVE) that take `corners` to the picture's corners."""
    rows, right = [], []
    for (x, y), (u, v) in zip(corners, [(0, 0), (width, 0), (width, height), (0, height)]):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    return np.linalg.solve(np.array(rows, float), np.array(right, float))


def distorted(code, effect, choose):
    """The label, turned or seen from the side, and where it is (255), both still finer."""
    mask = Image.new("L", code.size, 255)
    if effect == "perspective":
        width, height = code.size
        dip, lean = choose.uniform(0.12, 0.2) * height, choose.uniform(0.02, 0.04) * width
        corners = [(lean, dip), (width, 0), (width - lean, height - dip / 2), (0, height)]
        how = to_square(corners, width, height)
        return tuple(one.transform(one.size, Image.Transform.PERSPECTIVE, how, Image.Resampling.BILINEAR) for one in (code, mask))
    angle = {"turn": choose.uniform(5, 12), "slant": choose.uniform(25, 40), "upright": 90 + choose.uniform(-4, 4), "dim": 4}
    if effect not in angle:
        return code, mask
    return tuple(one.rotate(angle[effect], Image.Resampling.BILINEAR, expand=True) for one in (code, mask))


def pasted(photo, code, effect, choose, noise):
    """Gray label on the photo, with what a camera does to it."""
    patch, mask = (one.resize((max(1, one.width // FINER), max(1, one.height // FINER)), Image.Resampling.BOX)
                   for one in distorted(code, effect, choose))
    picture = photo.copy()
    at = choose.randint(0, photo.width - patch.width), choose.randint(0, photo.height - patch.height)
    picture.paste(patch.convert("RGB"), at, mask)
    sigma = {"blur": 0.8, "dim": 0.5}.get(effect, 0)
    if sigma:
        picture = picture.filter(ImageFilter.GaussianBlur(sigma))
    pixels = np.asarray(picture).astype(float)
    if effect == "dim":
        pixels = 35 + pixels * 0.4
    strength = {"noise": 14, "dim": 5}.get(effect, 2)
    return Image.fromarray(np.clip(pixels + noise.normal(0, strength, pixels.shape), 0, 255).round().astype(np.uint8))


def backgrounds(files):
    """The first pictures of `files`, as large as a listing shows them."""
    for file in files[: len(EFFECTS)]:
        photo = Image.open(file).convert("RGB")
        scale = PHOTO / max(photo.size)
        yield photo.resize((round(photo.width * scale), round(photo.height * scale)), Image.Resampling.BICUBIC)


def draw_all(files, seed=7):
    """48 pictures: every effect at every size, each effect on one of the pictures `files`."""
    choose, noise = random.Random(seed), np.random.default_rng(seed)
    known = list(backgrounds(files))
    for module in MODULES:
        for number, effect in enumerate(EFFECTS):
            digits = with_check_digit("".join(choose.choice("0123456789") for _ in range(12)))
            picture = pasted(known[number], label(digits, module), effect, choose, noise)
            yield Drawn(f"{effect}-{module:g}", module, effect, digits, picture)


def write_all(out, files=None, seed=7):
    out.mkdir(parents=True, exist_ok=True)
    drawn = list(draw_all(files or sorted(SHOP.glob("*.jpg")), seed))
    for one in drawn:
        one.picture.save(out / f"{one.name}.png")
    lines = [f"{one.name}\t{one.module:g}\t{one.effect}\t{one.digits}\n" for one in drawn]
    (out / "codes.tsv").write_text("name\tmodule\teffect\tdigits\n" + "".join(lines))
    return drawn


if __name__ == "__main__":
    write_all(Path(sys.argv[1]), [Path(photo) for photo in sys.argv[2:]])
