"""Shards of `embed` and `caption`, made side by side and merged: the same bytes as in one piece."""
import csv
import json
import shutil
import unittest

import h5py

from support import PACKAGES, CliTest, write_png

TEXTS = 2500  # three windows of 1,024
PICTURES = 140  # five windows of 32


class Shards(CliTest):
    def setUp(self):
        super().setUp()
        for i in range(6):
            write_png(self.dir / f"{i}.png", 12 + i, 10, lambda x, y, n=i: (x * 20 % 256, y * 25, n * 40))
        with open(self.dir / "catalog.csv", "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "title", "image"])
            for i in range(TEXTS):
                writer.writerow([f"p{i}", f"{['red mug', 'blue cup', 'oak chair'][i % 3]} {i}",
                                 f"{i % 6}.png" if i < PICTURES else ""])
        self.pmatch("ingest", "shop", "catalog.csv")

    def vectors(self, collection, space):
        with h5py.File(self.dir / collection / "embeddings" / f"{space}.h5") as file:
            return {name: file[name][:].tobytes() for name in ("ids", "ordinal", "content", "vectors")
                    if name in file}

    def embed(self, collection, package, *more, code=0):
        return self.pmatch("--threads", "1", "embed", collection, "--model", PACKAGES / package, *more, code=code)

    def copy(self, name):
        shutil.copytree(self.dir / "shop", self.dir / name)
        return name

    def test_any_number_of_shards_makes_the_same_bytes_as_one_piece(self):
        for package, space in (("text", "text"), ("image", "image")):
            whole = self.copy(f"whole-{space}")
            self.embed(whole, package)
            for count in (1, 2, 5, 8):
                shop = self.copy(f"{space}-{count}")
                for index in reversed(range(count)):
                    self.embed(shop, package, "--shard", f"{index}/{count}")
                self.pmatch("merge", shop)
                self.assertEqual(self.vectors(shop, space), self.vectors(whole, space), f"{count} shards")
                self.assertFalse((self.dir / shop / "staging").exists())

    def test_each_shard_may_be_made_on_a_copy_of_the_collection(self):
        whole = self.copy("whole")
        self.embed(whole, "text")
        for index in range(2):
            self.embed(self.copy(f"node{index}"), "text", "--shard", f"{index}/2")
        self.pmatch("merge", "shop", "node0", "node1")
        self.assertEqual(self.vectors("shop", "text"), self.vectors(whole, "text"))
        # What was only read stays, and merging it once more changes nothing.
        self.assertTrue((self.dir / "node0/staging").exists())
        self.assertIn("were merged before", self.pmatch("merge", "shop", "node0", "node1").stderr)

    def test_a_lost_shard_is_named_with_the_command_that_makes_it(self):
        self.embed("shop", "text", "--shard", "0/3")
        self.embed("shop", "text", "--shard", "2/3")
        said = self.pmatch("merge", "shop", code=1).stderr
        self.assertIn("1/3 is missing (1,024 inputs)", said)
        command = next(part for part in said.split("`") if part.startswith("pmatch embed"))
        self.pmatch(*command.split()[1:])
        self.pmatch("merge", "shop")

    def test_status_says_which_shards_are_missing_and_not_to_embed_all(self):
        self.embed("shop", "text", "--shard", "0/3")
        status = self.pmatch("status", "shop").stdout
        self.assertIn("1 of 3 of text wait, with 1,024 inputs", status)
        commands = [line.strip() for line in status.partition("to complete it:\n")[2].splitlines()]
        self.assertEqual([command.split()[-1] for command in commands[:2]], ["1/3", "2/3"])
        self.assertEqual(commands[2], "pmatch merge shop")
        self.assertFalse(any("embed" in command and "--shard" not in command and "--source text" in command
                             for command in commands))
        for command in commands[:3]:
            self.pmatch(*command.split()[1:])
        # A merge that is run again, as a requeued job does, has nothing to do.
        self.assertIn("nothing to do", self.pmatch("merge", "shop").stderr)

    def test_embedding_in_one_piece_warns_of_shards_that_wait(self):
        self.embed("shop", "text", "--shard", "0/2")
        self.assertIn("shards of it wait (1 of 2)", self.embed("shop", "text").stderr)

    def test_a_shard_takes_the_precision_of_the_plan_or_is_refused(self):
        self.pmatch("plan", "shop", "--model", PACKAGES / "text", "--precision", "fp32", "--shards", "2", "--seconds",
                    "0")
        said = self.embed("shop", "text", "--precision", "bf16", "--shard", "0/2", code=1).stderr
        self.assertIn("was embedded in fp32", said)
        self.assertFalse((self.dir / "shop/staging").exists())

    def test_nothing_to_merge_is_an_error(self):
        self.assertIn("no shard waits", self.pmatch("merge", "shop", code=1).stderr)
        (self.dir / "empty").mkdir()
        self.assertIn("there is no shard", self.pmatch("merge", "shop", "empty", code=1).stderr)

    def test_a_plan_pins_the_precision_and_counts_every_share(self):
        result = self.pmatch("plan", "shop", "--model", PACKAGES / "text", "--precision", "bf16", "--shards", "2",
                             "--format", "json")
        plan = json.loads(result.stdout)
        self.assertEqual(plan["precision"], "bf16")
        self.assertEqual([shard["inputs"] for shard in plan["shards"]], [TEXTS - 1024, 1024])
        self.assertTrue(all(shard["seconds"] > 0 for shard in plan["shards"]))
        # 28 bytes of keys, and 4 bytes a value.
        dim = json.loads((self.dir / "shop/collection.json").read_text())["spaces"]["text"]["dim"]
        for shard in plan["shards"]:
            self.assertEqual(shard["disk_bytes"], shard["inputs"] * (28 + 4 * dim))
        for shard in plan["shards"]:
            self.pmatch(*shard["command"].split()[1:])
        self.pmatch(*plan["merge"].split()[1:])
        self.assertEqual(json.loads((self.dir / "shop/collection.json").read_text())["spaces"]["text"]["precision"],
                         "bf16")

    def test_auto_takes_the_precision_of_the_plan(self):
        self.pmatch("plan", "shop", "--model", PACKAGES / "text", "--precision", "bf16", "--shards", "1", "--seconds",
                    "0")
        self.embed("shop", "text", "--shard", "0/1")
        self.pmatch("merge", "shop")
        self.assertEqual(json.loads((self.dir / "shop/collection.json").read_text())["spaces"]["text"]["precision"],
                         "bf16")

    def test_shards_of_two_precisions_are_refused_with_both(self):
        self.embed("shop", "text", "--shard", "0/2", "--precision", "fp32")
        self.embed("shop", "text", "--shard", "1/2", "--precision", "bf16")
        said = self.pmatch("merge", "shop", code=1).stderr
        self.assertIn("fp32", said)
        self.assertIn("bf16", said)
        command = next(part for part in said.split("`") if part.startswith("pmatch embed"))
        self.assertTrue(command.endswith("--shard 1/2 --replace"), command)
        self.pmatch(*command.split()[1:])
        self.pmatch("merge", "shop")

    def test_inputs_without_a_vector_are_in_the_ledger_after_the_merge(self):
        (self.dir / "0.png").write_bytes(b"\x89PNG\r\n\x1a\nno more")
        self.embed("shop", "image", "--shard", "0/2", code=3)
        self.embed("shop", "image", "--shard", "1/2", code=3)
        self.pmatch("merge", "shop", code=3)
        ledger = self.pmatch("ledger", "shop", "--format", "jsonl").stdout.splitlines()
        self.assertEqual(len(ledger), len(range(0, PICTURES, 6)))

    def test_what_pictures_say_is_read_in_shards_too(self):
        whole = self.copy("whole")
        self.pmatch("caption", whole, "--model", "builtin:code", code=3)
        for index in range(3):
            self.pmatch("caption", "shop", "--model", "builtin:code", "--shard", f"{index}/3", code=3)
        self.pmatch("merge", "shop", code=3)
        ledgers = [self.pmatch("ledger", shop, "--format", "jsonl").stdout for shop in ("shop", whole)]
        self.assertEqual(len(ledgers[0].splitlines()), PICTURES)
        self.assertEqual(*ledgers)

    def test_captions_of_a_lost_shard_are_missed(self):
        settings = ["--model", PACKAGES / "caption", "--view", "single", "--max-tokens", "4"]
        with open(self.dir / "catalog.csv", "w", newline="") as file:
            csv.writer(file).writerows([["id", "image"], *[[f"p{i}", f"{i % 6}.png"] for i in range(20)]])
        self.pmatch("ingest", "small", "catalog.csv")
        self.pmatch("caption", "small", *settings, "--shard", "0/2", code=None)
        said = self.pmatch("merge", "small", code=1).stderr
        self.assertIn("1/2 is missing (4 inputs)", said)
        self.pmatch("caption", "small", *settings, "--shard", "1/2", code=None)
        self.pmatch("merge", "small", code=None)
        shutil.copytree(self.dir / "small", self.dir / "again")
        self.pmatch("caption", "small", *settings, "--replace", code=None)
        parts = [b"".join(file.read_bytes() for file in sorted((self.dir / shop / "captions/caption").glob("*")))
                 for shop in ("small", "again")]
        self.assertEqual(*parts)

    def test_help_and_wrong_words(self):
        self.assertIn("Examples:", self.pmatch("merge", "--help").stdout)
        self.assertIn("Examples:", self.pmatch("plan", "--help").stdout)
        self.embed("shop", "text", "--shard", "2/2", code=2)
        self.embed("shop", "text", "--shard", "auto", code=2)
        self.pmatch("plan", "shop", code=2)
        self.pmatch("plan", "nowhere", "--model", PACKAGES / "text", "--shards", "2", code=1)
        self.pmatch("merge", "nowhere", code=1)
        self.assertEqual(self.pmatch("--quiet", "plan", "shop", "--model", PACKAGES / "text", "--shards", "2",
                                     "--seconds", "0").stderr, "")


if __name__ == "__main__":
    unittest.main()
