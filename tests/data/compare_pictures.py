#!/usr/bin/env python3
"""Compares decoded pictures with Pillow: compare_pictures.py PROBE (exit 77: nothing to compare with).

With PMATCH_PRINT_HOSTILE set, also counts where probe and hostile/manifest.csv disagree.
"""
import collections
import csv
import os
import pathlib
import random
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from skipped import no_library  # noqa: E402

try:
    import numpy
    import pillow_heif
    from PIL import Image, ImageOps
except ImportError as missing:
    no_library(missing)

pillow_heif.register_heif_opener()
ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = pathlib.Path(os.environ.get("PMATCH_DATA", ROOT.parent / "shared" / "data"))


def decoded(probe, paths):
    """Yields (code, array or None) per path."""
    process = subprocess.Popen([probe, "pictures"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    import threading

    feed = "".join(f"{path}\n" for path in paths).encode()
    thread = threading.Thread(target=lambda: (process.stdin.write(feed), process.stdin.close()))
    thread.start()
    for path in paths:
        header = process.stdout.readline().split()
        if not header:
            sys.exit(f"probe died at {path}, status {process.wait()}")
        code, width, height = header[0].decode(), int(header[1]), int(header[2])
        raw = process.stdout.read(3 * width * height)
        pixels = None
        if code == "ok":
            pixels = numpy.frombuffer(raw, numpy.uint8).reshape(height, width, 3)
        yield code, pixels
    thread.join()
    if process.wait() != 0:
        sys.exit(f"probe ended with {process.returncode}")


def by_pillow(path):
    image = ImageOps.exif_transpose(Image.open(path))
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, (255, 255, 255, 255))
        image = Image.alpha_composite(white, image)
    return numpy.asarray(image.convert("RGB"))


def compare(probe, name, paths, tolerance):
    """Number of pictures that differ by more than `tolerance` levels somewhere."""
    bad, identical, worst = 0, 0, 0
    for path, (code, pixels) in zip(paths, decoded(probe, paths)):
        expected = by_pillow(path)
        if code != "ok" or pixels.shape != expected.shape:
            print(f"  {path}: {code}, {None if pixels is None else pixels.shape} != {expected.shape}")
            bad += 1
            continue
        difference = int(numpy.abs(pixels.astype(int) - expected).max())
        identical += difference == 0
        worst = max(worst, difference)
        if difference > tolerance:
            print(f"  {path}: differs by up to {difference} levels")
            bad += 1
    print(f"{name}: {len(paths)} pictures, {identical} identical, largest difference {worst}")
    return bad


def made_pictures(directory):
    """Every mode and format that Pillow can write and we read."""
    random.seed(7)
    numpy.random.seed(7)
    noise = numpy.random.randint(0, 256, (37, 53, 4), numpy.uint8)
    rgba = Image.fromarray(noise, "RGBA")
    rgb = Image.fromarray(noise[:, :, :3].copy(), "RGB")
    gray, palette, bits = rgb.convert("L"), rgb.quantize(17), rgb.convert("1")
    made = []

    def save(image, name, **options):
        made.append(directory / name)
        image.save(made[-1], **options)

    save(rgb, "rgb.jpg"), save(rgb, "rgb444.jpg", subsampling=0, quality=95)
    save(rgb, "progressive.jpg", progressive=True), save(gray, "gray.jpg")
    save(rgb.convert("CMYK"), "cmyk.jpg")
    save(rgba, "rgba.png"), save(rgb, "rgb.png"), save(gray, "gray.png"), save(bits, "bits.png")
    save(palette, "palette.png"), save(palette, "palette_transparent.png", transparency=3)
    save(rgba.convert("LA"), "gray_alpha.png")
    save(rgb, "noise.webp"), save(rgba, "noise_alpha.webp"), save(rgba, "exact.webp", lossless=True)
    save(rgb, "animated.webp", save_all=True, append_images=[rgb.rotate(180)], lossless=True)
    for kind, image in (("rgb", rgb), ("gray", gray), ("palette", palette), ("bits", bits)):
        save(image, f"{kind}.bmp")
        save(image, f"{kind}.tif")
    save(rgb, "rgb.ppm"), save(gray, "gray.pgm"), save(bits, "bits.pbm")
    wide = numpy.linspace(-20, 300, 37 * 53).reshape(37, 53)
    save(Image.fromarray(wide.astype(numpy.float32)), "float.tif")
    save(Image.fromarray(wide.astype(numpy.int32)), "int32.tif")
    save(rgb, "big.tif", big_tiff=True), save(palette, "big_lzw.tif", big_tiff=True, compression="tiff_lzw")
    save(palette, "palette.gif"), save(gray, "gray.gif", interlace=1), save(bits, "bits.gif")
    save(palette, "transparent.gif", transparency=3), save(palette.rotate(90), "turned.gif", interlace=1)
    save(rgb, "animated.gif", save_all=True, append_images=[rgb.rotate(180)])
    save(rgb, "lossless.jp2"), save(gray, "gray.j2k", no_jp2=True), save(rgba, "rgba.jp2")
    save(rgba.convert("LA"), "gray_alpha.jp2"), save(rgb, "tiled.jp2", tile_size=(16, 16))
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        for extension in ("jpg", "png", "webp"):
            save(rgb, f"turned_{orientation}.{extension}", exif=exif)
    return made


def nearly_equal_pictures(directory):
    """In formats whose libraries may round differently from one version to the next."""
    smooth = Image.linear_gradient("L").resize((61, 45))
    colours = Image.merge("RGB", (smooth, smooth.rotate(90).resize((61, 45)), smooth.rotate(180)))
    clear = colours.copy()
    clear.putalpha(smooth)
    made = []

    def save(image, name, **options):
        made.append(directory / name)
        image.save(made[-1], **options)

    save(colours, "lossy.webp"), save(clear, "lossy_alpha.webp")
    save(colours, "wavelets.jp2", irreversible=True, quality_layers=[30])
    for kind in ("4:4:4", "4:2:0", "4:0:0"):
        save(colours, f"{kind[2::2]}.avif", subsampling=kind, quality=90)
    save(clear, "alpha.avif", quality=90), save(smooth, "gray.avif")
    save(colours, "colours.heic", quality=90), save(clear, "alpha.heic", quality=90), save(smooth, "gray.heic")
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        save(colours, f"turned_{orientation}.avif", exif=exif, quality=90)
        save(colours, f"turned_{orientation}.heic", exif=exif, quality=90)
    return made


def hostile(probe):
    """Number of pictures that are read with another size than hostile/manifest.csv has."""
    if not (DATA / "hostile/manifest.csv").exists():
        print(f"hostile: skipped, not in {DATA}")
        return 0
    rows = list(csv.DictReader(open(DATA / "hostile" / "manifest.csv")))
    paths = [DATA / "hostile" / "files" / row["path"] for row in rows]
    counts, read, bad = collections.Counter(), 0, 0
    for row, path, (code, pixels) in zip(rows, paths, decoded(probe, paths)):
        if code == "ok" and row["verdict"] == "ok":
            read += 1
            size = (int(row["w"]), int(row["h"]))
            wanted = size[::-1] if row["orient"] in ("5", "6", "7", "8") else size
            if (pixels.shape[1], pixels.shape[0]) != wanted:
                print(f"  {path}: {pixels.shape[1]} x {pixels.shape[0]}, wanted {wanted[0]} x {wanted[1]}")
                bad += 1
        agrees = (code == "ok") == (row["verdict"] == "ok")
        counts[row["magic"] or "other", "agree" if agrees else f"manifest {row['verdict']}", code if not agrees else ""] += 1
        if not agrees and os.environ.get("PMATCH_PRINT_HOSTILE") == "all":
            print(row["magic"], row["verdict"], code, row["mode"], row["err"][:60], row["path"])
    print(f"hostile: {read} pictures read, {bad} of another size than the manifest's")
    if os.environ.get("PMATCH_PRINT_HOSTILE"):
        for key, count in sorted(counts.items()):
            print(*key, count)
    return bad


def main():
    import tempfile

    probe, bad = sys.argv[1], 0
    with tempfile.TemporaryDirectory() as directory:
        made = made_pictures(pathlib.Path(directory))
        lossy_webp = [path for path in made if path.name.startswith("noise")]
        bad += compare(probe, "made here", [p for p in made if p not in lossy_webp], 0)
        bad += compare(probe, "lossy WebP", lossy_webp, 1)
        bad += compare(probe, "nearly equal", nearly_equal_pictures(pathlib.Path(directory)), 1)
    sets = {
        "grocery": sorted((DATA / "image/grocery/val").rglob("*.jpg"))[::5][:60],
        "fashion": sorted((DATA / "image/fashion/images").glob("*.jpg"))[::30],
        "eshop": sorted((DATA / "image/eshop/pics").glob("*.webp")),
        "orientation": sorted((DATA / "hostile/files/exif-orientation").glob("*.jpg"))
        + sorted((DATA / "hostile/files/exif-samples/jpg/orientation").glob("*.jpg")),
        "CMYK of 16 bits": [ROOT / "tests/fuzz/seeds/picture/deep_cmyk.tiff"]
        + list((DATA / "hostile/files/pillow/Tests/images").glob("*cmyk_16*.tif")),
    }
    for name, paths in sets.items():
        if paths:
            bad += compare(probe, name, paths, 0)
        else:
            print(f"{name}: skipped, not in {DATA}")
    bad += hostile(probe)
    sys.exit(1 if bad else 0)


main()
