"""Words read from pictures that a script draws: as captions, in BM25, of the pictures of queries."""

import json
import os
import shutil
import unittest
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from support import ROOT, CliTest

PACKAGE = Path(os.environ.get("PMATCH_MODELS") or ROOT / "packages") / "ppocr-mobile"
PLAIN = ROOT / "examples" / "shop" / "pictures"


def said(text):
    """As people compare what they read: without regard to case and blanks."""
    return "".join(text.lower().split())


@unittest.skipUnless((PACKAGE / "model.json").is_file(), f"no package {PACKAGE}: scripts/setup.sh makes it")
class Words(CliTest):
    def label(self, name, *lines, turn=0, size=34, width=520, colours=("#204060", "#f4f0e0")):
        """The lines, one below the other, on a label; `turn` is in degrees."""
        picture = Image.new("RGB", (width, 60 + 70 * len(lines)), colours[1])
        draw = ImageDraw.Draw(picture)
        for number, line in enumerate(lines):
            draw.text((40, 30 + 70 * number), line, fill=colours[0], font=ImageFont.load_default(size))
        if turn:
            picture = picture.rotate(turn, expand=True, fillcolor=colours[1])
        picture.save(self.dir / name)

    def shop(self):
        self.label("milk.png", "SUNRISE OAT DRINK", "Barista 1000 ml")
        self.label("soap.png", "HARBOUR SOAP", "Lavender 250 g", colours=("white", "#703070"))
        Image.new("RGB", (200, 200), "#a0b0c0").save(self.dir / "plain.png")
        self.write("catalog.csv", "id,title,image\na,Drink,milk.png\nb,Soap,soap.png\nc,Vase,plain.png\n")
        self.quiet("ingest", "shop", "catalog.csv")

    def read(self, *arguments, code=3):
        return self.pmatch("caption", "shop", "--model", PACKAGE, *arguments, code=code).stderr

    def texts(self, collection="shop"):
        """What was read, by row."""
        entries = [json.loads(line) for file in (self.dir / collection / "captions" / "words").glob("part-*.jsonl")
                   for line in file.read_text(encoding="utf-8").splitlines()]
        return {entry["row"]: entry.get("caption") for entry in entries}

    def test_words_are_read_line_by_line_and_a_picture_without_is_a_row_of_the_ledger(self):
        self.shop()
        self.assertIn("2 captions in", self.read())
        texts = self.texts()
        self.assertEqual([said(line) for line in texts[0].split("\n")], ["sunriseoatdrink", "barista1000ml"])
        self.assertEqual([said(line) for line in texts[1].split("\n")], ["harboursoap", "lavender250g"])
        self.assertIsNone(texts[2])
        self.assertEqual([(row["item"], row["stage"], row["code"]) for row in self.ledger()],
                         [("c", "caption:words", "no_words")])
        self.assertIn("nothing to do", self.read())
        self.assertRegex(self.quiet("status", "shop").stdout, r"words +2 by ppocr-mobile in fp32, 1 skipped, 0 missing")
        self.assertIn("captions words", self.pmatch("doctor", "shop").stdout)

    def test_words_are_read_whichever_way_the_picture_is_turned(self):
        for name, turn in (("upright", 0), ("half", 180), ("left", 90), ("slanted", 8)):
            self.label(f"{name}.png", "MOUNTAIN HONEY", turn=turn)
        self.write("catalog.csv", "id,image\na,upright.png\nb,half.png\nc,left.png\nd,slanted.png\n")
        self.quiet("ingest", "shop", "catalog.csv")
        self.read(code=0)
        self.assertEqual([said(text) for _, text in sorted(self.texts().items())], ["mountainhoney"] * 4)

    def test_small_wide_and_odd_pictures_are_read_or_have_no_words(self):
        self.label("wide.png", "One very long line of words for a banner", width=1400)
        Image.open(self.dir / "wide.png").crop((0, 20, 1400, 84)).save(self.dir / "wide.png")
        for name, size in (("dot", (1, 1)), ("strip", (3, 900)), ("low", (900, 3)), ("small", (20, 12))):
            Image.new("RGB", size, "white").save(self.dir / f"{name}.png")
        names = ["wide", "dot", "strip", "low", "small"]
        self.write("catalog.csv", "id,image\n" + "".join(f"{name},{name}.png\n" for name in names))
        self.quiet("ingest", "shop", "catalog.csv")
        self.read()
        texts = self.texts()
        self.assertEqual(said(texts[0]), said("One very long line of words for a banner"))
        self.assertEqual([texts[row] for row in range(1, 5)], [None] * 4)
        self.assertEqual({row["code"] for row in self.ledger()}, {"no_words"})

    def test_what_was_read_is_searched_by_texts_and_by_pictures(self):
        self.shop()
        self.read()
        self.quiet("build-index", "shop", "--layout", "bm25", "--source", "caption:words", "--analyser", "3gram")
        self.label("seen.png", "harbour soap", colours=("black", "white"))
        for asked in (["--text", "lavendar soap"], ["--image", "seen.png"]):
            answers = self.quiet("query", "shop", *asked, "--preset", "caption:words.3gram", "--format", "tsv").stdout
            self.assertEqual(answers.splitlines()[1].split("\t")[2], "b", asked)
        asked = self.pmatch("query", "shop", "--image", "plain.png", "--preset", "caption:words.3gram", "--format", "tsv",
                            code=None)
        self.assertEqual(asked.stdout.splitlines()[1:], [])
        self.assertNotIn("no_words", asked.stderr)

    def test_any_number_of_threads_reads_the_same(self):
        self.shop()
        found = {}
        for threads in (1, 4):
            shutil.copytree(self.dir / "shop", self.dir / f"shop{threads}")
            self.pmatch("--threads", threads, "caption", f"shop{threads}", "--model", PACKAGE, code=3)
            found[threads] = self.texts(f"shop{threads}")
        self.assertEqual(found[1], found[4])
        self.assertEqual(len([text for text in found[1].values() if text]), 2)

    def test_the_package_is_described_and_holds_no_golden_examples(self):
        told = self.quiet("model", "inspect", PACKAGE).stdout
        for words in ("text-reading", "Apache-2.0", "longer side at most 2000", "48 pixels high"):
            self.assertIn(words, told)
        self.assertRegex(told, r"recogniser.pt +[\d,]+  [0-9a-f]{64}  as recorded")
        self.fails("model", "verify", PACKAGE, says=["hold no golden examples", "words_parity.py"])

    def test_damage_to_a_file_of_the_package_is_an_error(self):
        self.shop()
        for name in ("detector.pt", "direction.pt", "recogniser.pt", "characters.json"):
            package = self.dir / "damaged"
            shutil.rmtree(package, ignore_errors=True)
            shutil.copytree(PACKAGE, package)
            content = bytearray((package / name).read_bytes())
            content[len(content) // 2] ^= 1
            (package / name).write_bytes(content)
            self.fails("caption", "shop", "--model", package, says=[name, "SHA-256"])
            self.assertRegex(self.fails("model", "inspect", package).stdout, rf"{name} .* damaged or missing")

    def test_wrong_words_are_usage_errors(self):
        self.shop()
        for arguments, says in [(["--prompt", "Hello"], "has no --prompt"), (["--view", "single"], "has no --view"),
                                (["--max-tokens", "9"], "has no --max-tokens"), (["--precision", "fp9"], "fp9"),
                                (["--device", "tpu"], "tpu")]:
            self.fails("caption", "shop", "--model", PACKAGE, *arguments, code=2, says=[says])
        self.fails("embed", "shop", "--model", PACKAGE, code=2, says=["pmatch caption"])


if __name__ == "__main__":
    unittest.main()
