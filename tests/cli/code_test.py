"""Codes read from pictures: as captions, as identifiers, of the pictures of queries."""

import json
import shutil
import unittest

from barcode_pictures import SHOP, label, write_all
from PIL import Image
from support import PACKAGES, CliTest

PENCIL, PEN = "4006381333931", "9783161484100"


class Code(CliTest):
    def photo(self, name, digits, at=(40, 30), module=2):
        """A gray picture with a code on it, drawn eight times finer."""
        picture = Image.new("RGB", (420, 300), (120, 130, 140))
        code = label(digits, module)
        picture.paste(code.resize((code.width // 8, code.height // 8), Image.Resampling.BOX).convert("RGB"), at)
        picture.save(self.dir / name)

    def shop(self):
        """Three products: two with a code on their picture, one without."""
        self.photo("pencil.png", PENCIL)
        self.photo("pen.png", PEN)
        shutil.copy(sorted(SHOP.glob("*.jpg"))[0], self.dir / "plain.jpg")
        self.write("catalog.csv", "id,title,image\na,Pencil,pencil.png\nb,Pen,pen.png\nc,Vase,plain.jpg\n")
        self.quiet("ingest", "shop", "catalog.csv")

    def read(self, *arguments, code=3):
        return self.pmatch("caption", "shop", "--model", "builtin:code", *arguments, code=code).stderr

    def texts(self):
        """What was read, by row and ordinal."""
        entries = [json.loads(line) for file in (self.dir / "shop" / "captions" / "code").glob("part-*.jsonl")
                   for line in file.read_text(encoding="utf-8").splitlines()]
        return {(entry["row"], entry["ordinal"]): entry.get("caption") for entry in entries}

    def test_codes_drawn_on_pictures_are_found_and_no_others(self):
        drawn = write_all(self.dir / "drawn")
        self.write("catalog.csv", "id,image\n" + "".join(f"{one.name},drawn/{one.name}.png\n" for one in drawn))
        self.quiet("ingest", "shop", "catalog.csv")
        found = self.pmatch("caption", "shop", "--model", "builtin:code", code=None)
        self.assertIn(found.returncode, (0, 3), found.stderr)
        texts = self.texts()
        right = []
        for row, one in enumerate(drawn):
            text = texts[row, 0]
            # A number that begins with 0 is one of UPC-A, too, and may be told as such.
            self.assertIn(text, (None, one.digits, one.digits.removeprefix("0")), one.name)
            right += [one] if text else []
        large = [one for one in drawn if one.module >= 2]
        self.assertEqual((len(drawn), len(large)), (48, 32))
        self.assertGreaterEqual(len(right), 36)
        self.assertGreaterEqual(len([one for one in right if one.module >= 2]), 0.95 * len(large))

    def test_a_picture_without_a_code_is_a_row_of_the_ledger(self):
        self.shop()
        said = self.read()
        self.assertIn("2 captions in", said)
        self.assertNotIn("tokens", said)
        self.assertEqual(self.texts(), {(0, 0): PENCIL, (1, 0): PEN, (2, 0): None})
        self.assertEqual([(row["item"], row["stage"], row["code"]) for row in self.ledger()],
                         [("c", "caption:code", "no_code")])
        self.assertEqual(self.manifest()["readings"]["code"]["command"],
                         "pmatch caption COLLECTION --model builtin:code")
        self.assertNotIn("captions", self.manifest())
        self.assertIn("nothing to do", self.read())
        self.assertRegex(self.quiet("status", "shop").stdout, r"code +2 by builtin:code in fp32, 1 skipped, 0 missing")
        self.assertIn("captions code", self.pmatch("doctor", "shop").stdout)

    def test_codes_are_identifiers_and_the_codes_of_query_pictures_find_them(self):
        self.shop()
        self.read()
        said = self.pmatch("build-index", "shop", "--layout", "exact", "--source", "code").stderr
        self.assertIn("2 identifiers", said)
        self.photo("seen.png", PEN, at=(150, 150))
        for asked in (["--image", "seen.png"], ["--text", PEN]):
            answers = self.quiet("query", "shop", *asked, "--preset", "exact", "--format", "tsv").stdout
            self.assertEqual([line.split("\t")[2] for line in answers.splitlines()[1:]], ["b"], asked)
        # Not by a picture without a code, which is not worth a warning.
        said = self.pmatch("query", "shop", "--image", "plain.jpg", "--preset", "exact", "--format", "tsv", code=None)
        self.assertEqual(said.stdout.splitlines()[1:], [])
        self.assertNotIn("no_code", said.stderr)

    def test_a_column_of_the_name_goes_first_and_both_can_be_in_a_list(self):
        self.photo("pencil.png", PENCIL)
        self.write("catalog.csv", "id,title,code,image\na,Pencil,ST-12,pencil.png\nb,Pen,PN-7,pencil.png\n")
        self.quiet("ingest", "shop", "catalog.csv")
        self.read(code=0)

        def found(text):
            answers = self.quiet("query", "shop", "--text", text, "--preset", "exact", "--format", "tsv").stdout
            return [line.split("\t")[2] for line in answers.splitlines()[1:]]

        self.quiet("build-index", "shop", "--layout", "exact", "--source", "code")
        self.assertEqual((found("st12"), found(PENCIL)), (["a"], []))
        self.quiet("build-index", "shop", "--layout", "exact", "--source", "code,caption:code")
        self.assertEqual((found("st12"), found(PENCIL)), (["a"], ["a", "b"]))

    def test_a_list_of_codes_is_out_of_date_when_they_are_read_again(self):
        self.shop()
        self.read()
        self.quiet("build-index", "shop", "--layout", "exact", "--source", "code")
        self.photo("vase.png", "96385074".rjust(13, "0"))
        self.write("catalog.csv", "id,title,image\na,Pencil,pencil.png\nb,Pen,pen.png\nc,Vase,vase.png\n")
        self.quiet("ingest", "shop", "catalog.csv")
        self.read(code=0)
        self.assertRegex(self.quiet("status", "shop").stdout, "identifiers .*out of date")
        answers = self.pmatch("query", "shop", "--text", "96385074", "--preset", "exact", "--format", "tsv").stdout
        self.assertEqual([line.split("\t")[2] for line in answers.splitlines()[1:]], ["c"])

    def test_codes_and_descriptions_stand_side_by_side(self):
        self.shop()
        self.read()
        self.pmatch("caption", "shop", "--model", PACKAGES / "caption", "--view", "single", "--max-tokens", "8",
                    "--precision", "fp32", code=None)
        self.assertEqual(self.texts()[0, 0], PENCIL)
        manifest = self.manifest()
        self.assertIn("captions/caption/", manifest["captions"]["parts"][0]["file"])
        self.quiet("build-index", "shop", "--layout", "bm25", "--source", "code")
        answers = self.quiet("query", "shop", "--text", PEN, "--preset", "caption:code.words", "--format", "tsv").stdout
        self.assertEqual([line.split("\t")[2] for line in answers.splitlines()[1:]], ["b"])

    def test_damage_to_what_was_read_is_found_and_mended(self):
        self.shop()
        self.read()
        (part,) = (self.dir / "shop" / "captions" / "code").glob("part-*.jsonl")
        part.write_text(part.read_text().replace(PEN[:5], "12345"))
        self.assertIn("--model builtin:code", self.pmatch("doctor", "shop", code=None).stdout)
        self.pmatch("doctor", "shop", "--repair", code=None)
        self.read()
        self.assertEqual(self.texts()[1, 0], PEN)

    def test_wrong_words_are_usage_errors(self):
        self.shop()
        for arguments, says in [(["--model", "builtin:cod"], "this build has builtin:code"),
                                (["--model", "builtin:code", "--prompt", "Hello"], "has no --prompt"),
                                (["--model", "builtin:code", "--view", "single"], "has no --view"),
                                (["--model", "builtin:code", "--device", "cuda"], "runs on the CPU"),
                                (["--model", "builtin:code", "--precision", "int8"], "has the precision fp32")]:
            self.fails("caption", "shop", *arguments, code=2, says=[says])


if __name__ == "__main__":
    unittest.main()
