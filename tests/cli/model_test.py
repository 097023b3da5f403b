"""`pmatch model inspect` and `pmatch model verify`, on good packages and on damaged ones."""
import hashlib
import json
import shutil
import unittest

from support import PACKAGES, CliTest

STAGES = ["decoded pixels", "resized pixels", "tensor", "token ids", "vector"]


class ModelTest(CliTest):
    def copy(self, name):
        """A package of one's own, to be damaged."""
        shutil.copytree(PACKAGES / name, self.dir / name)
        return self.dir / name

    def change(self, package, change):
        """Rewrites model.json; files that changed are recorded as they are now."""
        path = package / "model.json"
        manifest = json.loads(path.read_text())
        change(manifest)
        manifest.pop("checksum")
        for name, record in manifest["files"].items():
            content = (package / name).read_bytes()
            record.update(sha256=hashlib.sha256(content).hexdigest(), size=len(content))
        path.write_text(json.dumps(manifest))


class Inspect(ModelTest):
    def test_it_says_what_the_package_is(self):
        manifest = json.loads((PACKAGES / "text" / "model.json").read_text())
        said = self.quiet("model", "inspect", PACKAGES / "text").stdout
        for words in [manifest["name"], "text-embedding", "bert", f"{manifest['embedding']['dim']} values",
                      manifest["embedding"]["pooling"], f"at most {manifest['text']['max_tokens']} tokens",
                      manifest["source"]["licence"], "6 texts, 0 pictures"]:
            self.assertIn(words, said)
        for name, record in manifest["files"].items():
            self.assertRegex(said, rf"{name} +{record['size']:,}  {record['sha256']}  as recorded")
        for precision in ["fp32", "bf16", "fp16", "int8"]:
            self.assertRegex(said, rf"{precision} +[0-9a-f]{{64}} +(none|not recorded)\n")

    def test_preprocessing_is_told_in_words(self):
        said = self.quiet("model", "inspect", PACKAGES / "image").stdout
        self.assertRegex(said, r"picture +shorter side to \d+, bicubic, antialiased; centre \d+ x \d+; \(pixel x")

    def test_the_fingerprint_is_that_of_an_embedded_space(self):
        self.indexed_shop()
        space = self.manifest()["spaces"]["text"]
        said = self.quiet("model", "inspect", PACKAGES / "text").stdout
        self.assertRegex(said, rf"{space['precision']} +{space['fingerprint']}")

    def test_a_damaged_file_is_shown_and_is_an_error(self):
        package = self.copy("text")
        (package / "text.pt").write_bytes(b"short")
        said = self.fails("model", "inspect", package, says=["text.pt", "5 bytes"])
        self.assertRegex(said.stdout, r"text.pt .* damaged or missing")

    def test_a_directory_that_is_no_package_says_so(self):
        self.fails("model", "inspect", "nowhere", says=["nowhere", "export_model.py"])


class Verify(ModelTest):
    def table(self, said):
        """verdict by stage"""
        return {stage: line for line in said.splitlines() for stage in STAGES if line.startswith(stage)}

    def test_a_good_text_package_is_as_the_reference(self):
        rows = self.table(self.quiet("model", "verify", PACKAGES / "text").stdout)
        self.assertEqual(list(rows), STAGES)
        for stage in ["token ids", "vector"]:
            self.assertRegex(rows[stage], r" 6 .* as the reference$")
        for stage in STAGES[:3]:
            self.assertTrue(rows[stage].endswith("not in this package"), rows[stage])

    def test_a_good_picture_package_is_as_the_reference(self):
        rows = self.table(self.quiet("model", "verify", PACKAGES / "image").stdout)
        for stage in ["resized pixels", "vector"]:
            self.assertTrue(rows[stage].endswith("as the reference"), rows[stage])

    def test_bf16_is_measured_against_its_own_limit(self):
        said = self.quiet("model", "verify", PACKAGES / "text", "--precision", "bf16").stdout
        self.assertIn("1e-03", self.table(said)["vector"])

    def test_a_file_that_is_not_as_recorded_is_refused(self):
        package = self.copy("text")
        tokenizer = package / "tokenizer.json"
        tokenizer.write_bytes(tokenizer.read_bytes() + b" ")
        self.fails("model", "verify", package, says=["tokenizer.json", "bytes"])

    def test_a_tokenizer_with_two_words_swapped_fails_at_the_token_ids(self):
        package = self.copy("text")
        path = package / "tokenizer.json"
        tokenizer = json.loads(path.read_text())
        vocabulary = tokenizer["model"]["vocab"]
        vocabulary["a"], vocabulary["b"] = vocabulary["b"], vocabulary["a"]
        path.write_text(json.dumps(tokenizer))
        self.change(package, lambda manifest: None)
        said = self.fails("model", "verify", package, says=["token ids differ", "the reference has"])
        self.assertTrue(self.table(said.stdout)["token ids"].endswith("differs"))

    def test_a_wrong_golden_vector_fails_at_the_vector(self):
        package = self.copy("text")

        def turn(manifest):
            vector = manifest["golden"][1]["vector"]
            vector[0] += .05
        self.change(package, turn)
        said = self.fails("model", "verify", package, says=["vector differs", "cosine"])
        rows = self.table(said.stdout)
        self.assertTrue(rows["token ids"].endswith("as the reference"))
        self.assertTrue(rows["vector"].endswith("differs"))

    def test_another_crop_fails_at_the_resized_pixels(self):
        package = self.copy("image")

        def squash(manifest):
            manifest["image"]["preprocess"]["resize"]["filter"] = "bilinear"
            for golden in manifest["golden"]:
                golden.pop("decoded", None)
        self.change(package, squash)
        self.fails("model", "verify", package, says=["resized pixels differ"])

    def test_every_stage_of_a_picture_is_compared(self):
        package = self.copy("image")

        rows = self.table(self.quiet("model", "verify", package).stdout)
        self.assertTrue(rows["decoded pixels"].endswith("as the reference"))

        def brighten(manifest):
            from PIL import Image
            lossless = next(g for g in manifest["golden"] if g["image"].endswith(".png"))
            name = lossless["decoded"]
            Image.open(package / name).point(lambda v: min(v + 3, 255)).save(package / name)
        self.change(package, brighten)
        self.fails("model", "verify", package, says=["decoded pixels differ", "up to 3 of 255"])

    def test_a_tensor_of_another_mean_fails_at_the_tensor(self):
        package = self.copy("image")

        def shift(manifest):
            manifest["golden"] = manifest["golden"][:1]
            golden = manifest["golden"][0]
            golden["tensor"] = {"indices": [0, 5], "values": [9.5, -9.5]}
        self.change(package, shift)
        said = self.fails("model", "verify", package, says=["tensor differs", "levels of 255"])
        self.assertTrue(self.table(said.stdout)["resized pixels"].endswith("as the reference"))

    def test_tensor_positions_outside_the_picture_are_refused(self):
        package = self.copy("image")
        self.change(package, lambda manifest: manifest["golden"][0].update(
            tensor={"indices": [10 ** 9], "values": [0]}))
        self.fails("model", "verify", package, says=["golden[0].tensor.indices", "1000000000"])

    def test_a_package_without_golden_examples_proves_nothing(self):
        package = self.copy("text")
        self.change(package, lambda manifest: manifest["golden"].clear())
        self.fails("model", "verify", package, says=["no golden examples", "export_model.py"])

    def test_devices_and_precisions_that_are_not_there_are_usage_errors(self):
        self.fails("model", "verify", PACKAGES / "text", "--device", "cuda:7", code=2, says=["cuda:7"])
        self.fails("model", "verify", PACKAGES / "text", "--device", "cpu", "--precision", "fp16",
                   code=2, says=["fp16", "CUDA"])


if __name__ == "__main__":
    unittest.main()
