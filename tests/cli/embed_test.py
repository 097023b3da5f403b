import json
import os
import random
import signal
import subprocess
import time
import unittest
import unittest.mock

import h5py
import numpy

from support import BINARY, PACKAGES, CliTest


class Embed(CliTest):
    def test_texts_become_unit_vectors_of_the_space_text(self):
        self.text_catalog()
        self.quiet("ingest", "shop", "catalog.csv")
        said = self.pmatch("embed", "shop", "--model", PACKAGES / "text").stderr
        self.assertIn("6 vectors", said)
        ids, ordinals, vectors = self.read_space()
        self.assertEqual(ids.tolist(), [0, 1, 2, 3, 4, 5])
        self.assertEqual(ordinals.tolist(), [0] * 6)
        self.assertLess(abs(numpy.linalg.norm(vectors, axis=1) - 1).max(), 1e-5)

    def test_every_picture_of_an_item_has_a_vector(self):
        self.picture_catalog()
        self.quiet("ingest", "shop", "pictures.csv")
        self.quiet("embed", "shop", "--model", PACKAGES / "image")
        ids, ordinals, _ = self.read_space("image")
        self.assertEqual(list(zip(ids.tolist(), ordinals.tolist())),
                         [(0, 0), (0, 1), (1, 0), (2, 0), (3, 0)])

    def test_a_second_run_has_nothing_to_do(self):
        self.indexed_shop()
        before = (self.dir / "shop" / "collection.json").read_bytes()
        self.assertIn("nothing to do", self.pmatch("embed", "shop", "--model", PACKAGES / "text").stderr)
        self.assertEqual((self.dir / "shop" / "collection.json").read_bytes(), before)

    def test_files_say_the_command_that_makes_them_again(self):
        self.indexed_shop()
        part = "embeddings/text/part-000001.h5"
        embed = "pmatch embed COLLECTION --model text --source text --space text --precision fp32"
        for name in (part, "embeddings/text.h5"):
            with h5py.File(self.dir / "shop" / name) as file:
                self.assertEqual(file.attrs["command"], embed)
        sidecar = json.loads((self.dir / "shop/indexes/text.json").read_text())
        self.assertEqual(sidecar["command"], "pmatch build-index COLLECTION --space text --layout Flat")
        self.quiet("ingest", "again", "catalog.csv")
        with unittest.mock.patch.dict(os.environ, {"PMATCH_MODELS": str(PACKAGES)}):
            for command in (embed, sidecar["command"]):
                self.quiet(*command.replace("COLLECTION", "again").split()[1:])
        for name in (part, "embeddings/text.h5", "indexes/text.faiss", "indexes/text.json"):
            self.assertEqual((self.dir / "again" / name).read_bytes(), (self.dir / "shop" / name).read_bytes(), name)

    def test_an_unknown_built_in_descriptor_is_a_wrong_command_line(self):
        self.picture_catalog()
        self.quiet("ingest", "shop", "pictures.csv")
        before = self.manifest()
        says = ["there is no built-in descriptor 'builtin:colours'", "this build has"]
        self.fails("embed", "shop", "--model", "builtin:colours", code=2, says=says)
        self.assertEqual(self.manifest(), before)
        self.fails("model", "inspect", "builtin:colours", code=2, says=says)
        self.fails("model", "verify", "builtin:colours", code=2, says=says)

    def test_only_what_changed_is_embedded_again(self):
        self.indexed_shop()
        old = dict(zip(*[self.read_space()[i].tolist() for i in (0, 2)]))
        self.write("newer.csv", "id,title,colour,price\n"
                   "m1,Stoneware mug,red,9.50\ns1,Running shoe,black,79\nx1,Umbrella,red,20\n")
        self.quiet("ingest", "shop", "newer.csv", "--max-loss", "1")
        self.assertIn(": 2 vectors", self.pmatch("embed", "shop", "--model", PACKAGES / "text").stderr)
        ids, _, vectors = self.read_space()
        self.assertEqual(ids.tolist(), [0, 2, 6])
        self.assertEqual(vectors[0].tolist(), old[0])
        self.assertNotEqual(vectors[1].tolist(), old[2])

    def test_a_field_has_a_space_of_its_own(self):
        self.text_catalog()
        self.quiet("ingest", "shop", "catalog.csv")
        self.quiet("embed", "shop", "--model", PACKAGES / "text", "--source", "title")
        self.assertEqual(len(self.read_space("title")[0]), 6)
        self.fails("embed", "shop", "--model", PACKAGES / "text", "--source", "size",
                   says=["size", "title, colour"])

    def test_another_model_for_a_space_is_refused_and_nothing_is_lost(self):
        self.indexed_shop()
        before = self.read_space()[2]
        said = self.fails("embed", "shop", "--model", PACKAGES / "text2",
                          says=["fingerprint", "--space", "--replace"]).stderr
        fingerprints = [json.loads((PACKAGES / p / "model.json").read_text())["name"]
                        for p in ("text", "text2")]
        for name in fingerprints:
            self.assertIn(name, said)
        numpy.testing.assert_array_equal(self.read_space()[2], before)
        self.quiet("query", "shop", "--text", "mug")

    def test_replace_embeds_the_space_with_the_other_model(self):
        self.indexed_shop()
        before = self.read_space()[2]
        self.quiet("embed", "shop", "--model", PACKAGES / "text2", "--replace")
        self.assertFalse(numpy.array_equal(self.read_space()[2], before))
        self.fails("query", "shop", "--text", "mug", says=["pmatch build-index"])

    def test_a_model_that_does_not_fit_the_source_is_a_usage_error(self):
        self.text_catalog()
        self.quiet("ingest", "shop", "catalog.csv")
        self.fails("embed", "shop", "--model", PACKAGES / "text", "--source", "image", code=2,
                   says=["image"])

    def test_an_unknown_model_says_where_it_was_looked_for(self):
        self.text_catalog()
        self.quiet("ingest", "shop", "catalog.csv")
        self.fails("embed", "shop", "--model", "no-such-model", says=["no-such-model", "export_model.py"])

    def test_a_damaged_model_package_is_refused_before_use(self):
        self.text_catalog()
        self.quiet("ingest", "shop", "catalog.csv")
        import shutil
        shutil.copytree(PACKAGES / "text", self.dir / "package")
        with open(self.dir / "package" / "text.pt", "r+b") as file:
            file.seek(5000)
            byte = file.read(1)
            file.seek(5000)
            file.write(bytes([byte[0] ^ 1]))
        self.fails("embed", "shop", "--model", "package", says=["text.pt", "SHA-256"])

    def test_a_picture_that_cannot_be_decoded_is_a_ledger_row_and_the_others_are_embedded(self):
        self.picture_catalog()
        picture = self.dir / "c.png"
        picture.write_bytes(picture.read_bytes()[:200])
        self.quiet("ingest", "shop", "pictures.csv")
        said = self.pmatch("embed", "shop", "--model", PACKAGES / "image", code=3).stderr
        self.assertIn("pmatch ledger shop", said)
        rows = self.ledger()
        self.assertEqual([(r["item"], r["stage"]) for r in rows], [("c", "embed image")])
        self.assertIn(rows[0]["code"], ["truncated", "corrupt"])
        self.assertEqual(self.read_space("image")[0].tolist(), [0, 0, 1, 3])
        # The same again: nothing new to do, still incomplete.
        self.assertIn("nothing to do", self.pmatch("embed", "shop", "--model", PACKAGES / "image",
                                                   code=3).stderr)

    def test_a_picture_that_changed_since_ingest_is_not_embedded_as_the_old_one(self):
        self.picture_catalog()
        self.quiet("ingest", "shop", "pictures.csv")
        (self.dir / "b.png").write_bytes((self.dir / "a.png").read_bytes())
        self.pmatch("embed", "shop", "--model", PACKAGES / "image", code=3)
        self.assertEqual([(r["item"], r["code"]) for r in self.ledger()], [("b", "content_changed")])
        self.quiet("ingest", "shop", "pictures.csv")
        self.quiet("embed", "shop", "--model", PACKAGES / "image")
        self.assertEqual(self.ledger(), [])

    def test_a_part_whose_checksum_does_not_fit_is_named_with_the_command_that_mends_it(self):
        self.indexed_shop()
        part = next((self.dir / "shop" / "embeddings" / "text").glob("*.h5"))
        content = bytearray(part.read_bytes())
        content[len(content) // 2] ^= 1
        part.write_bytes(content)
        self.fails("status", "shop", says=[part.name, "checksum", "pmatch embed"])
        # The index is a file of its own and still answers.
        self.quiet("query", "shop", "--text", "mug")


class Interrupted(CliTest):
    """Kills `embed` and goes on; the vectors must be those of an uninterrupted run."""

    def setUp(self):
        super().setUp()
        random.seed(5)
        words = "mug cup lamp shoe boot red blue green large small oak steel".split()
        lines = [f"{i},{' '.join(random.choices(words, k=random.randint(1, 30)))}\n"
                 for i in range(40000)]
        self.write("catalog.csv", "id,title\n" + "".join(lines))
        for name in ("whole", "killed"):
            self.quiet("ingest", name, "catalog.csv")
        self.quiet("embed", "whole", "--model", PACKAGES / "text")

    def embed_killed(self):
        return subprocess.Popen([BINARY, "embed", "killed", "--model", PACKAGES / "text", "--checkpoint", "0"],
                                cwd=self.dir, stderr=subprocess.PIPE, text=True)

    def assert_same_vectors(self):
        for whole, killed in zip(self.read_space("text", "whole"), self.read_space("text", "killed")):
            self.assertEqual(whole.tobytes(), killed.tobytes())

    def test_killed_at_random_moments_it_goes_on_to_the_same_bytes(self):
        kills = 0
        for _ in range(12):
            process = self.embed_killed()
            try:
                process.wait(random.uniform(0.3, 2))
            except subprocess.TimeoutExpired:
                process.kill()
            said = process.communicate()[1]
            if process.returncode == 0:
                break
            self.assertEqual(process.returncode, -signal.SIGKILL, said)
            kills += 1
        else:
            self.quiet("embed", "killed", "--model", PACKAGES / "text")
        self.assertGreaterEqual(kills, 1)
        self.assert_same_vectors()
        self.assertEqual(self.ledger("killed"), [])
        leftovers = [p for p in (self.dir / "killed").rglob("*.pmatch-tmp")]
        self.assertEqual(leftovers, [])

    def test_sigint_keeps_the_finished_windows(self):
        process = self.embed_killed()
        self.wait_for_file("killed/embeddings/text/part-*.h5", process)
        process.send_signal(signal.SIGINT)
        said = process.communicate()[1]
        self.assertEqual(process.returncode, 130, said)
        self.assertIn("stopping after the work in hand", said)
        self.assertIn("run the same command again", said)
        self.quiet("embed", "killed", "--model", PACKAGES / "text")
        self.assert_same_vectors()


if __name__ == "__main__":
    unittest.main()
