"""builtin:local and the stage "verify": pictures that are compared point by point."""
import json
import random
import unittest

from support import CliTest, PACKAGES, write_png

SIDE = 200
PRESET = '{"lists": [{"source": "image"}], "verify": {"top": 20, "weight": 1}}'


def label(seed):
    """A white picture with rectangles of random place, size and colour."""
    draw = random.Random(seed)
    pixels = [[(255, 255, 255)] * SIDE for _ in range(SIDE)]
    for _ in range(120):
        left, top = draw.randrange(SIDE), draw.randrange(SIDE)
        right, bottom = (min(SIDE, start + 4 + draw.randrange(SIDE // 6)) for start in (left, top))
        colour = tuple(draw.randrange(256) for _ in range(3))
        for y in range(top, bottom):
            pixels[y][left:right] = [colour] * (right - left)
    return pixels


class LocalFeatures(CliTest):
    def shop(self, items=6):
        lines = ["id,image,title"]
        for seed in range(items):
            pixels = label(seed)
            write_png(self.dir / f"{seed}.png", SIDE, SIDE, lambda x, y, p=pixels: p[y][x])
            lines.append(f"p{seed},{seed}.png,Label {seed}")
        write_png(self.dir / "black.png", 64, 64, lambda x, y: (0, 0, 0))
        write_png(self.dir / "dot.png", 1, 1, lambda x, y: (9, 9, 9))
        lines += ["black,black.png,Black", "dot,dot.png,Dot"]
        # Label 3 turned by a quarter and 20 pixels off, on gray.
        pixels = label(3)
        write_png(self.dir / "query.png", SIDE + 40, SIDE + 40,
                  lambda x, y: pixels[SIDE - 1 - (x - 20)][y - 20] if 20 <= x < SIDE + 20 and 20 <= y < SIDE + 20
                  else (90, 90, 90))
        self.write("shop.csv", "\n".join(lines) + "\n")
        self.write("p.jsonc", PRESET)
        self.quiet("ingest", "shop", "shop.csv")
        self.quiet("embed", "shop", "--model", PACKAGES / "image")
        self.quiet("build-index", "shop")

    def test_a_label_is_found_turned_and_shifted(self):
        self.shop()
        # Pictures without structure have no keypoints, which is no problem of theirs.
        self.quiet("embed", "shop", "--model", "builtin:local")
        self.assertEqual(self.ledger(), [])
        asked = ["query", "shop", "--image", "query.png", "--preset", "./p.jsonc", "--explain"]
        said = json.loads(self.quiet(*asked, "--format", "jsonl").stdout)["answers"]
        self.assertEqual(said[0]["item"], "p3")
        self.assertGreater(said[0]["explain"]["verify"]["inliers"], 30)
        others = [one["explain"].get("verify", {"inliers": 0})["inliers"] for one in said[1:]]
        self.assertLess(max(others), 10)
        # Any number of threads, and once more: the same points. The network's scores are as near as fp32 promises.
        one = json.loads(self.quiet("--threads", "1", *asked, "--format", "jsonl").stdout)["answers"]
        for threads in ("1", "2", "8"):
            again = json.loads(self.quiet("--threads", threads, *asked, "--format", "jsonl").stdout)["answers"]
            for before, after in zip(one, again, strict=True):
                self.assertEqual(after["item"], before["item"])
                self.assertEqual(after["explain"].get("verify"), before["explain"].get("verify"))
                self.assertAlmostEqual(after["score"], before["score"], delta=2e-6)
        self.assertIn(" inliers -> ", self.quiet(*asked).stdout)
        page = self.quiet(*asked, "--format", "html").stdout
        # Drawn where more points agree than by chance.
        self.assertEqual(page.count("<svg "), sum(inliers > 4 for inliers in [31, *others]))
        self.assertRegex(page, r"points lie alike; in the query turned by (89|90|91)° and (1|0\.99|1\.0) times as large")
        self.assertGreater(page.count("<line "), 30)

    def test_a_space_of_them_is_no_list_and_needs_no_index(self):
        self.shop(items=2)
        self.quiet("embed", "shop", "--model", "builtin:local")
        self.fails("build-index", "shop", "--space", "local", says=["space 'local' has any number of vectors per picture",
                                                                    '"verify": {"space": "local"}'])
        self.assertIn("build-index local: needs no index", self.pmatch("build-index", "shop").stderr)
        self.fails("query", "shop", "--image", "0.png", "--preset", "local", code=2,
                   says=["space 'local' has local features, which make no list"])
        status = self.quiet("status", "shop").stdout
        self.assertRegex(status, r"local +image +builtin:local +fp32 +136 +4 +0 +0 +needs none")
        self.assertNotIn("build-index", status)
        findings = self.quiet("doctor", "shop", "--format", "jsonl").stdout.splitlines()
        self.assertEqual({json.loads(line)["state"] for line in findings}, {"good"})
        self.assertIn("136 bytes; any number of a picture", self.quiet("model", "inspect", "builtin:local").stdout)
        self.quiet("compact", "shop")
        self.quiet("query", "shop", "--image", "0.png")

    def test_a_collection_without_them_answers_and_says_what_would_help(self):
        self.shop(items=2)
        said = self.pmatch("query", "shop", "--image", "0.png", "--preset", "./p.jsonc")
        self.assertIn("--model builtin:local", said.stderr)
        self.assertIn("p0", said.stdout)
        self.write("p.jsonc", PRESET.replace('"top"', '"required": true, "top"'))
        self.fails("query", "shop", "--image", "0.png", "--preset", "./p.jsonc", code=2,
                   says=["finds no space of local features called local", "--model builtin:local"])

    def test_wrong_fields_are_named(self):
        self.shop(items=1)
        for verify, says in [('{"top": 0}', "verify.top"), ('{"weight": -1}', "verify.weight"),
                             ('{"depth": 3}', "verify.depth"), ('20', "verify")]:
            with self.subTest(verify):
                self.write("p.jsonc", '{"lists": [{"source": "image"}], "verify": ' + verify + "}")
                self.fails("query", "shop", "--image", "0.png", "--preset", "./p.jsonc", says=[says])


if __name__ == "__main__":
    unittest.main()
