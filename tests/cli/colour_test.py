import json
import unittest

import numpy

from support import PACKAGES, CliTest, write_png

# Textbook conversion of sRGB (IEC 61966-2-1) to CIE L*a*b* under D65.
TO_XYZ = numpy.array([[.4124564, .3575761, .1804375], [.2126729, .7151522, .0721750], [.0193339, .1191920, .9503041]])
WHITE = numpy.array([.950456, 1, 1.088754])
BINS = (4, 10, 10)


def lab_of(rgb):
    """Height x width x 3 of 0 to 255 as L*, a*, b*."""
    v = rgb / 255
    linear = numpy.where(v <= .04045, v / 12.92, ((v + .055) / 1.055) ** 2.4)
    t = linear @ TO_XYZ.T / WHITE
    f = numpy.where(t > .008856, numpy.cbrt(t), 7.787 * t + 16 / 116)
    return numpy.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], axis=-1)


def histogram(lab, weights):
    """What the vector is, written again with NumPy."""
    counts = numpy.zeros(BINS)
    places = []
    for channel, (bins, low, high) in enumerate(zip(BINS, (0, -64, -64), (100, 64, 64))):
        at = numpy.clip((lab[..., channel] - low) / (high - low) * bins - .5, 0, bins - 1)
        first = numpy.floor(at).astype(int)
        places.append(((first, 1 - (at - first)), (numpy.minimum(first + 1, bins - 1), at - first)))
    for l, l_share in places[0]:
        for a, a_share in places[1]:
            for b, b_share in places[2]:
                numpy.add.at(counts, (l, a, b), weights * l_share * a_share * b_share)
    return numpy.sqrt(counts / counts.sum()).ravel()


def bell(height, width, sigma):
    y, x = ((numpy.arange(side) + .5) / side - .5 for side in (height, width))
    return numpy.exp(-(y[:, None] ** 2 + x[None] ** 2) / (2 * sigma ** 2))


class Colour(CliTest):
    def draw(self, name, size, pixel):
        write_png(self.dir / name, size[1], size[0], pixel)
        return numpy.array([[pixel(x, y) for x in range(size[1])] for y in range(size[0])], dtype=float)

    def catalog_of(self, *names):
        self.write("catalog.csv", "id,image\n" + "".join(f"{name[:-4]},{name}\n" for name in names))
        self.quiet("ingest", "shop", "catalog.csv")

    def test_vectors_are_those_of_a_second_implementation(self):
        """A product on white, and a photo without a plain background."""
        def cup(x, y):
            inside = 12 <= x < 50 and 20 <= y < 44
            return (200 - x, 30 + 2 * y, 60 + x) if inside else (255, 255, 255)

        def shelf(x, y):
            return (x * 4 % 256, y * 5 % 256, (x + y) * 3 % 256)

        cup_pixels = self.draw("cup.png", (64, 64), cup)
        shelf_pixels = self.draw("shelf.png", (60, 80), shelf)
        self.catalog_of("cup.png", "shelf.png")
        self.quiet("embed", "shop", "--model", "builtin:colour")
        _, _, vectors = self.read_space("colour")
        mask = (cup_pixels != 255).any(axis=-1)
        wanted = [histogram(lab_of(cup_pixels), mask * bell(64, 64, .3)),
                  histogram(lab_of(shelf_pixels), bell(60, 80, .15))]
        self.assertEqual(vectors.shape, (2, 400))
        self.assertLess(abs(numpy.linalg.norm(vectors, axis=1) - 1).max(), 1e-5)
        for made, right in zip(vectors, wanted):
            self.assertGreater(made @ right, .999)  # 8-bit steps of L*a*b*
        self.assertLess(vectors[0] @ vectors[1], .9)

    def test_its_space_stands_beside_the_networks_without_a_flag(self):
        self.picture_catalog()
        self.quiet("ingest", "shop", "pictures.csv")
        self.quiet("embed", "shop", "--model", "builtin:colour")
        self.quiet("embed", "shop", "--model", PACKAGES / "image")
        self.quiet("build-index", "shop")
        self.assertEqual(sorted(self.manifest()["spaces"]), ["colour", "image"])
        answers = self.quiet("query", "shop", "--image", "b.png", "--preset", "colour", "--format", "tsv").stdout
        self.assertEqual(answers.splitlines()[1].split("\t")[2], "b")
        self.assertIn("builtin:colour", self.quiet("status", "shop").stdout)
        self.assertIn("nothing to do", self.pmatch("embed", "shop", "--model", "builtin:colour").stderr)
        self.quiet("doctor", "shop")

    def test_an_item_is_found_on_another_background_and_size(self):
        for name, colour in (("red", (200, 30, 40)), ("green", (30, 150, 60)), ("blue", (40, 60, 180))):
            self.draw(f"{name}.png", (40, 40), lambda x, y, c=colour: c if 8 <= x < 32 > y >= 8 else (255, 255, 255))
        self.draw("asked.png", (90, 120), lambda x, y: (35, 145, 60) if 30 <= x < 80 and 20 <= y < 70 else (0, 0, 0))
        self.catalog_of("red.png", "green.png", "blue.png")
        self.quiet("embed", "shop", "--model", "builtin:colour")
        self.quiet("build-index", "shop")
        line = self.quiet("query", "shop", "--image", "asked.png", "--format", "jsonl").stdout
        self.assertEqual(json.loads(line)["answers"][0]["item"], "green")

    def test_any_number_of_threads_writes_the_same_bytes(self):
        self.picture_catalog()
        written = []
        for threads in (1, 2, 8):
            shop = f"shop{threads}"
            self.quiet("ingest", shop, "pictures.csv")
            self.quiet("embed", shop, "--model", "builtin:colour", "--threads", threads)
            written.append([f.read_bytes() for f in sorted((self.dir / shop / "embeddings/colour").iterdir())])
        self.assertEqual(written[0], written[1])
        self.assertEqual(written[0], written[2])

    def test_it_is_explained(self):
        text = self.quiet("model", "inspect", "builtin:colour").stdout
        for words in ("builtin:colour", "which colours the product has", "400 values, unit length", "4 x 10 x 10 bins"):
            self.assertIn(words, text)


if __name__ == "__main__":
    unittest.main()
