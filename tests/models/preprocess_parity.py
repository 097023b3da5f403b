"""What an image model gets of a picture file, against Pillow and the reference library's processor.

usage: preprocess_parity.py PMATCH_PREPROCESS DATA
300 photos (grocery, fashion, eshop) and every picture of hostile/manifest.csv that an independent decoder reads.
Formats without loss: at most 1/255 apart, before the normalisation, on 99.9 % of a picture's values; JPEG and lossy
WebP: PSNR of at least 50 dB. Skips (exit 77) where libraries or pictures are absent;
CI must have the libraries.
"""
import collections
import csv
import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from skipped import no_data, no_library  # noqa: E402

warnings.simplefilter("ignore")

try:
    import numpy as np
    from exporter import registry
    from exporter.options import Options
    from exporter.package import write_package
    from exporter.processor import normalise, preprocess
    from PIL import Image, ImageOps
except ImportError as missing:
    no_library(missing)

Image.MAX_IMAGE_PIXELS = None
PRESETS = ("shortest256-crop224-bicubic", "squash224-bicubic", "squash392-bilinear")
PHOTOS, MIN_SHARE, MIN_PSNR = 100, 0.999, 50.0
HOSTILE_FORMATS = ("PNG", "JPEG", "MPO", "WEBP", "BMP")
PILLOWS = "Pillow compares the transparent grey, a number of 2 bits, with 8-bit pixels: it misses the transparent one"
GUESSED = "libjpeg guesses what follows damaged codes; pmatch embeds no guesses"
EXCEPTIONS = {  # files of the hostile set that are meant to differ
    "gray-2-1.8-tRNS.png": PILLOWS,
    "gray-2-linear-tRNS.png": PILLOWS,
    "gray-2-sRGB-tRNS.png": PILLOWS,
    "badrle.bmp": "its runs leave the rows; Pillow goes on in the next row, pmatch drops what is outside",
    "hopper_bad_exif.jpg": GUESSED,
    "775d8954c51b5df639980865cb71f93642f71e2e-8": GUESSED,
    "d446be6373be79de3ad27234ad9e86341db65b62-2": "the checksum of the pixels' chunk is wrong and no other confirms them",
}


def main():
    tool, data = sys.argv[1], Path(sys.argv[2])
    if not (data / "image").is_dir():
        no_data(f"no pictures in {data}")
    photos = [path for folder, pattern in (("grocery/val", "*.jpg"), ("fashion/images", "*.jpg"), ("eshop/pics", "*.webp"))
              for path in spread(sorted((data / "image" / folder).rglob(pattern)))]
    failures = 0
    with tempfile.TemporaryDirectory(prefix="pmatch-preprocess-parity-") as directory:
        for preset in PRESETS:
            package, settings = make_package(Path(directory), preset)
            chosen = photos if preset == PRESETS[0] else photos[::5]
            failures += compare(tool, package, settings, chosen, f"photos, {preset}")
            if preset == PRESETS[0]:
                failures += compare(tool, package, settings, hostile(data), f"hostile, {preset}")
                failures += compare(tool, package, settings, turned(data), f"EXIF orientation, {preset}")
    return 1 if failures else 0


def spread(paths):
    """PHOTOS of them, evenly."""
    return [paths[i * len(paths) // PHOTOS] for i in range(min(PHOTOS, len(paths)))]


def make_package(directory, preset):
    model = registry.load_random("dinov2", "tiny", 5, preset, Options(preprocess=preset))
    settings = model.image.preprocess
    write_package(model, directory / preset)
    return directory / preset, settings


def hostile(data):
    rows = csv.DictReader(open(data / "hostile" / "manifest.csv"))
    return [data / "hostile" / "files" / row["path"] for row in rows if row["verdict"] == "ok" and row["fmt"] in HOSTILE_FORMATS]


def turned(data):
    return sorted((data / "hostile/files/exif-orientation").glob("*.jpg"))


def upright(path):
    """R,G,B as pmatch promises them: turned as EXIF says, alpha over white, the first frame, 16-bit grey by its high byte."""
    image = Image.open(path)
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I"):
        image = Image.fromarray((np.asarray(image).astype(np.int64) >> 8).astype(np.uint8))
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, (255, 255, 255, 255)), image)
    return image.convert("RGB"), is_lossy(path)


def is_lossy(path):
    start = path.read_bytes()[:2048]
    return start.startswith(b"\xff\xd8") or (start[8:12] == b"WEBP" and b"VP8 " in start)


def compare(tool, package, settings, paths, name):
    """The number of pictures that are too far apart, or that pmatch does not read."""
    counts, bad, lowest_psnr, lowest_share = collections.Counter(), 0, np.inf, 1.0
    scale = np.array(settings["std"]).reshape(3, 1, 1) / settings["rescale"]
    for path, (code, found) in zip(paths, answers(tool, package, paths)):
        if path.name in EXCEPTIONS:
            print(f"  {path.name}, an exception ({code}): {EXCEPTIONS[path.name]}")
            counts["exceptions"] += 1
            continue
        try:
            image, lossy = upright(path)
        except (OSError, SyntaxError, ValueError) as error:
            print(f"  {path.name}: Pillow does not read it ({error}); pmatch: {code}")
            counts["unread"] += 1
            continue
        if code != "ok":
            print(f"  {path.name}: {code}")
            bad += 1
            continue
        wanted = normalise(preprocess(image, settings), settings).numpy()
        levels = np.abs(found.transpose(2, 0, 1) - wanted) * scale  # of 255
        counts["identical"] += levels.max() < 1e-3
        share = float((levels <= 1.001).mean())
        psnr = 20 * np.log10(255 / max(1e-9, float(np.sqrt((levels**2).mean()))))
        if lossy:
            lowest_psnr = min(lowest_psnr, psnr)
        else:
            lowest_share = min(lowest_share, share)
        if (psnr < MIN_PSNR) if lossy else (share < MIN_SHARE):
            print(f"  {path.name} {image.size}: PSNR {psnr:.1f} dB, {share:.4%} within 1/255")
            bad += 1
    print(f"{name}: {len(paths)} pictures, {counts['identical']} identical; without loss at least {lowest_share:.4%} of a picture "
          f"within 1/255, lossy PSNR at least {min(lowest_psnr, 199):.0f} dB; {bad} too far apart or not read; "
          f"{counts['unread']} that Pillow does not read, {counts['exceptions']} exceptions", flush=True)
    return bad


def answers(tool, package, paths):
    """Yields (code, float32 height x width x 3 or None) per path."""
    with tempfile.TemporaryFile() as names:
        names.write("".join(f"{path}\n" for path in paths).encode())
        names.seek(0)
        with subprocess.Popen([tool, package], stdin=names, stdout=subprocess.PIPE) as process:
            for path in paths:
                line = process.stdout.readline().split()
                if not line:
                    sys.exit(f"{tool} ended at {path}, status {process.wait()}")
                height, width = int(line[1]), int(line[2])
                values = process.stdout.read(12 * height * width)
                yield line[0].decode(), np.frombuffer(values, np.float32).reshape(height, width, 3) if height else None


if __name__ == "__main__":
    sys.exit(main())
