"""builtin:local beside OpenCV's SIFT: the same places, sizes, angles and descriptors."""
import os
import unittest

import numpy

from support import CliTest, write_png

try:
    import cv2
except ImportError:
    if os.environ.get("CI"):
        raise
    cv2 = None

WIDTH, HEIGHT = 600, 440


def poster():
    """Gray clouds of many sizes, darker towards one side, nothing at the border."""
    noise = numpy.random.RandomState(4)
    pixels = numpy.zeros((HEIGHT, WIDTH))
    for sigma in (1.5, 3, 6, 12):
        layer = cv2.GaussianBlur(noise.standard_normal((HEIGHT, WIDTH)), None, sigma)
        pixels += layer / layer.std()
    pixels[:30], pixels[-30:], pixels[:, :30], pixels[:, -30:] = 0, 0, 0, 0
    return numpy.rint(128 + 30 * cv2.GaussianBlur(pixels, None, 2)).clip(0, 255).astype("uint8")


@unittest.skipIf(cv2 is None, "needs opencv-python-headless")
class Sift(CliTest):
    def test_keypoints_and_descriptors_are_those_of_opencv(self):
        gray = poster()
        write_png(self.dir / "poster.png", WIDTH, HEIGHT, lambda x, y: (int(gray[y, x]),) * 3)
        self.write("shop.csv", "id,image\np,poster.png\n")
        self.quiet("ingest", "shop", "shop.csv")
        self.quiet("embed", "shop", "--model", "builtin:local")
        packed = self.read_space("local")[2]
        self.assertGreater(len(packed), 300)
        places = packed[:, :8].copy().view("<u2").astype(float)
        xy, size, angle = places[:, :2] / 64, places[:, 2] / 64, places[:, 3] * 360 / 65536

        # It looks for smaller ones, too: it enlarges the picture first.
        found, sift = cv2.SIFT_create(0, 3, .01).detectAndCompute(gray, None)
        theirs = numpy.array([[one.pt[0], one.pt[1], one.size, one.angle] for one in found])
        root = numpy.sqrt(sift / sift.sum(axis=1, keepdims=True))
        alike = []
        for i in range(len(packed)):
            turn = numpy.abs((theirs[:, 3] - angle[i] + 180) % 360 - 180)
            near = (numpy.hypot(*(theirs[:, :2] - xy[i]).T) < 1.5) & (numpy.abs(theirs[:, 2] / size[i] - 1) < .2) & \
                (turn < 12)
            if near.any():
                alike.append(max(root[near] @ (packed[i, 8:] / 512.)))
        self.assertGreater(len(alike) / len(packed), .85)
        self.assertGreater(numpy.median(alike), .99)
        self.assertGreater(numpy.quantile(alike, .1), .9)


if __name__ == "__main__":
    unittest.main()
