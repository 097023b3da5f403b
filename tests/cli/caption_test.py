import csv
import json
import os
import pathlib
import signal
import subprocess
import unittest

from support import BINARY, PACKAGES, CliTest, write_png

MODEL = PACKAGES / "caption"
FAST = ["--view", "single", "--max-tokens", "12", "--precision", "fp32"]


class Caption(CliTest):
    def shop(self):
        self.picture_catalog()
        self.quiet("ingest", "shop", "pictures.csv")

    def caption(self, *arguments, collection="shop", model=MODEL):
        """Random weights may write a caption that is none: exit code 0 or 3. Returns what was said."""
        result = subprocess.run([BINARY, "caption", collection, "--model", model, *FAST, *arguments], cwd=self.dir,
                                capture_output=True, text=True, timeout=300)
        self.assertIn(result.returncode, (0, 3), result.stderr)
        return result.stderr

    def lines(self, collection="shop"):
        parts = self.manifest(collection)["captions"]["parts"]
        texts = [(self.dir / collection / part["file"]).read_text(encoding="utf-8") for part in parts]
        return [json.loads(line) for text in texts for line in text.split("\n") if line]

    def many_pictures(self, count):
        rows = ["id,image"]
        for number in range(count):
            write_png(self.dir / f"{number}.png", 40 + number % 7, 30,
                      lambda x, y, n=number: ((x * n) % 256, (y * 7 + n) % 256, (x + y * n) % 256))
            rows.append(f"p{number:03},{number}.png")
        return self.write("many.csv", "\n".join(rows) + "\n")

    def test_every_picture_gets_a_caption_or_a_reason(self):
        self.shop()
        self.assertIn("tokens/s", self.caption())
        lines = self.lines()
        self.assertEqual([(line["row"], line["ordinal"]) for line in lines], [(0, 0), (0, 1), (1, 0), (2, 0), (3, 0)])
        for line in lines:
            self.assertEqual(len(line["content"]), 32)
            self.assertTrue(line.get("caption") or (line["code"] and line["detail"]))
        self.assertGreater(sum("caption" in line for line in lines), 2)
        command = self.manifest()["captions"]["command"]
        self.assertRegex(command, "^pmatch caption COLLECTION --model caption --prompt 'Describe .*' --max-tokens 12 "
                                  "--view single --repetition-penalty 1 --precision fp32$")

    def test_a_second_run_has_nothing_to_do(self):
        self.shop()
        self.caption()
        before = (self.dir / "shop" / "collection.json").read_bytes()
        self.assertIn("nothing to do", self.caption())
        self.assertEqual((self.dir / "shop" / "collection.json").read_bytes(), before)

    def test_only_what_changed_is_described_again(self):
        self.shop()
        self.caption()
        old = {(line["row"], line["ordinal"]): line for line in self.lines()}
        write_png(self.dir / "b.png", 40, 32, lambda x, y: (x * 3, 0, y))
        self.quiet("ingest", "shop", "pictures.csv")
        self.assertIn(": 1 captions" if "caption" in self.described(1) else "1 skipped", self.caption())
        new = {(line["row"], line["ordinal"]): line for line in self.lines()}
        self.assertNotEqual(new.pop((1, 0))["content"], old.pop((1, 0))["content"])
        self.assertEqual(new, old)

    def described(self, row):
        """The first line of a row in a collection made from the pictures as they are."""
        self.quiet("ingest", "fresh", "pictures.csv")
        self.caption(collection="fresh")
        return next(line for line in self.lines("fresh") if line["row"] == row)

    def test_a_picture_that_is_gone_is_a_ledger_row(self):
        self.shop()
        (self.dir / "c.png").unlink()
        self.pmatch("caption", "shop", "--model", MODEL, *FAST, code=3)
        gone = [row for row in self.ledger() if row["item"] == "c"]
        self.assertEqual([(row["stage"], row["code"]) for row in gone], [("caption", "missing")])

    def test_captions_that_only_repeat_themselves_are_ledger_rows(self):
        self.shop()
        self.caption("--prompt", "x")
        bad = {line["row"]: line["code"] for line in self.lines() if "code" in line}
        self.assertLessEqual(set(bad.values()), {"repeating_caption", "empty_caption"})
        self.assertEqual(len(self.ledger()), len([line for line in self.lines() if "code" in line]))

    def test_other_settings_are_refused_unless_all_is_written_anew(self):
        self.shop()
        self.caption()
        old = self.lines()
        said = self.fails("caption", "shop", "--model", MODEL, *FAST, "--prompt", "What colour?",
                          says=["What colour?", "Describe the product", "--replace"]).stderr
        self.assertIn("fingerprint", said)
        self.assertEqual(self.lines(), old)
        self.caption("--prompt", "What colour?", "--replace")
        self.assertEqual(self.manifest()["captions"]["prompt"], "What colour?")
        self.assertEqual(len(self.lines()), len(old))

    def test_a_batch_does_not_change_captions(self):
        self.many_pictures(20)
        captions = []
        for number, batch in enumerate((1, 3, 8)):
            self.quiet("ingest", f"c{number}", "many.csv")
            self.caption("--batch", str(batch), collection=f"c{number}")
            captions.append(self.lines(f"c{number}"))
        self.assertEqual(captions[0], captions[1])
        self.assertEqual(captions[0], captions[2])

    def test_killed_and_run_again_gives_the_same_captions(self):
        self.many_pictures(120)
        for name in ("whole", "killed"):
            self.quiet("ingest", name, "many.csv")
        self.caption(collection="whole")
        command = [BINARY, "--quiet", "caption", "killed", "--model", MODEL, *FAST, "--checkpoint", "0"]
        process = subprocess.Popen(command, cwd=self.dir)
        self.wait_for_file("killed/captions/caption/part-*.jsonl", process)
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.caption(collection="killed")
        self.assertEqual(self.lines("killed"), self.lines("whole"))

    def test_an_interrupted_run_keeps_what_is_finished(self):
        self.many_pictures(120)
        self.quiet("ingest", "shop", "many.csv")
        command = [BINARY, "--quiet", "caption", "shop", "--model", MODEL, *FAST, "--checkpoint", "0"]
        process = subprocess.Popen(command, cwd=self.dir)
        self.wait_for_file("shop/captions/caption/part-*.jsonl", process)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(), 130)
        self.assertLess(len(self.lines()), 120)
        self.caption()
        self.assertEqual([line["row"] for line in self.lines()], list(range(120)))

    def test_captions_are_embedded_indexed_and_found(self):
        self.shop()
        self.caption()
        self.quiet("embed", "shop", "--model", PACKAGES / "text", "--source", "caption")
        self.quiet("embed", "shop", "--model", PACKAGES / "image")
        good = [line for line in self.lines() if "caption" in line]
        ids, ordinals, _ = self.read_space("caption")
        self.assertEqual(list(zip(ids.tolist(), ordinals.tolist())), [(line["row"], line["ordinal"]) for line in good])
        self.quiet("build-index", "shop")
        self.quiet("build-index", "shop", "--layout", "bm25", "--source", "caption")
        names = "abcd"
        for preset in ("caption", "caption.words"):
            wanted = good[-1]
            found = self.pmatch("query", "shop", "--text", wanted["caption"], "--preset", preset, "--format", "jsonl",
                                "--top", "1").stdout
            self.assertIn(f'"{names[wanted["row"]]}"', found)

    def test_a_picture_is_found_by_its_caption(self):
        self.shop()
        self.caption()
        self.quiet("embed", "shop", "--model", PACKAGES / "text", "--source", "caption")
        self.quiet("build-index", "shop")
        good = next(line for line in self.lines() if "caption" in line and line["row"] > 0)
        item = "abcd"[good["row"]]
        found = self.pmatch("query", "shop", "--image", f"{item}.png", "--preset", "caption", "--format", "jsonl", "--top", "1").stdout
        self.assertIn(f'"{item}"', found)
        self.assertIn("1.0000" if "1.0000" in found else "0.99999", found)

    def test_the_example_shop_is_searched_by_picture_and_caption_together(self):
        if subprocess.run([BINARY, "presets"], capture_output=True).returncode != 0:
            self.skipTest("this pmatch fuses no lists")
        shop = pathlib.Path(__file__).resolve().parents[2] / "examples" / "shop"
        self.quiet("ingest", "shop", shop / "catalog.csv", "--text", "title,description")
        self.caption()
        self.quiet("embed", "shop", "--model", PACKAGES / "text", "--source", "caption")
        self.quiet("embed", "shop", "--model", PACKAGES / "image")
        self.quiet("build-index", "shop")
        described = {line["row"] for line in self.lines() if "caption" in line and line["ordinal"] == 0}
        with open(shop / "catalog.csv", newline="", encoding="utf-8") as file:
            items = [row for number, row in enumerate(csv.DictReader(file)) if number in described][:5]
        for item in items:
            found = self.pmatch("query", "shop", "--image", shop / item["image"].split("|")[0], "--preset", "borda", "--top", "1",
                                "--explain", "--format", "jsonl").stdout
            self.assertEqual(json.loads(found.splitlines()[0])["answers"][0]["item"], item["id"])
            self.assertIn('"caption"', found)

    def test_replaced_captions_leave_nothing_of_the_old_ones_in_a_space(self):
        self.shop()
        self.caption()
        self.quiet("embed", "shop", "--model", PACKAGES / "text", "--source", "caption")
        self.caption("--prompt", "Colour?", "--replace")
        self.assertEqual(len(self.read_space("caption")[0]), 0)
        self.quiet("embed", "shop", "--model", PACKAGES / "text", "--source", "caption")
        self.assertEqual(len(self.read_space("caption")[0]), sum("caption" in line for line in self.lines()))

    def test_damaged_captions_are_written_again(self):
        self.shop()
        self.caption()
        lines = self.lines()
        part = self.dir / "shop" / self.manifest()["captions"]["parts"][0]["file"]
        os.truncate(part, part.stat().st_size - 5)
        self.fails("embed", "shop", "--model", PACKAGES / "text", "--source", "caption", says=["pmatch caption"])
        self.assertIn("damaged", self.caption())
        self.assertEqual(self.lines(), lines)

    def test_wrong_packages_are_told(self):
        self.shop()
        self.fails("caption", "shop", "--model", PACKAGES / "text", says=["text-embedding", "captions"])
        self.fails("embed", "shop", "--model", MODEL, code=2, says=["pmatch caption"])
        self.fails("embed", "shop", "--model", PACKAGES / "text", "--source", "caption", says=["no captions yet"])

    def test_wrong_settings_are_told_before_anything_is_written(self):
        self.shop()
        before = (self.dir / "shop" / "collection.json").read_bytes()
        self.fails("caption", "shop", "--model", MODEL, "--view", "wide", code=2, says=["wide", "anyres"])
        self.fails("caption", "shop", "--model", MODEL, "--prompt", "what <image> is it", code=2, says=["second picture"])
        self.fails("caption", "shop", "--model", MODEL, "--max-tokens", "40000", code=2, says=["32768"])
        self.fails("caption", "shop", "--model", MODEL, "--precision", "fp8", code=2, says=["fp8"])
        self.fails("caption", "shop", code=2)
        self.assertIn("--max-tokens", self.pmatch("caption", "--help").stdout)
        self.assertEqual((self.dir / "shop" / "collection.json").read_bytes(), before)

    def test_a_package_with_a_damaged_decoder_is_refused(self):
        import shutil
        self.shop()
        shutil.copytree(MODEL, self.dir / "bad")
        with open(self.dir / "bad" / "decoder.pt", "r+b") as file:
            file.seek(5000)
            file.write(b"xxxx")
        self.fails("caption", "shop", "--model", "bad", says=["SHA-256", "decoder.pt"])


if __name__ == "__main__":
    unittest.main()
